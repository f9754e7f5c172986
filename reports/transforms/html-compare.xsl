<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- The comparison with an earlier record, from the <comparison> that reports/compare makes. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:r="urn:onecard:result:1"
                xmlns:x="urn:onecard:report:1" exclude-result-prefixes="r x">
  <xsl:variable name="comparison" select="/r:result/x:report/x:comparison"/>

  <xsl:template name="comparison">
    <xsl:for-each select="$comparison">
      <h2 id="comparison"><xsl:call-template name="lat"><xsl:with-param name="id" select="'comparison'"/></xsl:call-template></h2>
      <xsl:variable name="word"><xsl:choose><xsl:when test="@regression='true'">regression</xsl:when><xsl:otherwise>no-regression</xsl:otherwise></xsl:choose></xsl:variable>
      <xsl:variable name="tone"><xsl:choose><xsl:when test="@regression='true'">bad</xsl:when><xsl:otherwise>good</xsl:otherwise></xsl:choose></xsl:variable>
      <p><span class="badge {$tone}"><span aria-hidden="true"><xsl:choose><xsl:when test="@regression='true'">✗ </xsl:when><xsl:otherwise>✓ </xsl:otherwise></xsl:choose></span><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="$word"/></xsl:call-template></span></p>
      <xsl:if test="@same-vectors='false'"><p><xsl:call-template name="lat"><xsl:with-param name="id" select="'other-vectors'"/></xsl:call-template></p></xsl:if>
      <xsl:if test="@machines"><p><xsl:call-template name="lat"><xsl:with-param name="id" select="'other-machine'"/></xsl:call-template><code><xsl:value-of select="@machines"/></code></p></xsl:if>
      <div class="wide">
        <table>
          <caption class="quiet"><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="'comparison'"/></xsl:call-template></caption>
          <thead><tr><xsl:call-template name="lat-th"><xsl:with-param name="id" select="'change'"/></xsl:call-template><th scope="col" class="n">n</th></tr></thead>
          <tbody>
            <xsl:for-each select="x:change | x:speed">
              <tr><th scope="row" class="i"><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="concat(local-name(), '-', @kind)"/></xsl:call-template></th><td class="n"><xsl:value-of select="@n"/></td></tr>
            </xsl:for-each>
          </tbody>
        </table>
      </div>
      <xsl:for-each select="x:change[x:case]">
        <details>
          <xsl:if test="@kind='broken'"><xsl:attribute name="open">open</xsl:attribute></xsl:if>
          <summary class="i"><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="concat('change-', @kind)"/></xsl:call-template><xsl:value-of select="concat(' (', @n, ')')"/></summary>
          <div class="wide">
            <table>
              <caption class="quiet"><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="concat('change-', @kind)"/></xsl:call-template></caption>
              <thead><tr>
                <xsl:call-template name="lat-th"><xsl:with-param name="id" select="'case'"/></xsl:call-template>
                <xsl:call-template name="th"><xsl:with-param name="id" select="'pass'"/></xsl:call-template>
                <xsl:call-template name="lat-th"><xsl:with-param name="id" select="'before'"/></xsl:call-template>
                <xsl:call-template name="lat-th"><xsl:with-param name="id" select="'now'"/></xsl:call-template>
              </tr></thead>
              <tbody>
                <xsl:for-each select="x:case">
                  <tr>
                    <th scope="row"><xsl:call-template name="id"><xsl:with-param name="id" select="@id"/></xsl:call-template></th>
                    <td><xsl:call-template name="id"><xsl:with-param name="id" select="@pass"/></xsl:call-template></td>
                    <td><xsl:if test="@base"><xsl:call-template name="badge"><xsl:with-param name="verdict" select="@base"/></xsl:call-template></xsl:if></td>
                    <td><xsl:if test="@new"><xsl:call-template name="badge"><xsl:with-param name="verdict" select="@new"/></xsl:call-template></xsl:if></td>
                  </tr>
                </xsl:for-each>
              </tbody>
            </table>
          </div>
          <xsl:if test="@more"><p class="i"><xsl:value-of select="concat('+ ', @more)"/></p></xsl:if>
        </details>
      </xsl:for-each>
      <xsl:if test="x:compared">
        <div class="wide">
          <table>
            <caption class="i"><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="'speed'"/></xsl:call-template></caption>
            <thead><tr>
              <xsl:call-template name="lat-th"><xsl:with-param name="id" select="'series'"/></xsl:call-template>
              <xsl:call-template name="lat-th"><xsl:with-param name="id" select="'change'"/></xsl:call-template>
              <th scope="col" class="n">n</th><th scope="col" class="n">p</th>
              <th scope="col" class="n">p50</th><th scope="col" class="n">p95</th>
            </tr></thead>
            <tbody>
              <xsl:for-each select="x:compared">
                <tr>
                  <th scope="row"><xsl:call-template name="id"><xsl:with-param name="id" select="@name"/></xsl:call-template><br/><xsl:call-template name="id"><xsl:with-param name="id" select="@pass"/></xsl:call-template></th>
                  <td class="i"><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="concat('speed-', @change)"/></xsl:call-template></td>
                  <td class="n"><xsl:value-of select="concat(@base-n, ', ', @new-n)"/></td>
                  <td class="n"><xsl:value-of select="@p"/></td>
                  <xsl:for-each select="x:ratio">
                    <td class="n"><xsl:call-template name="microseconds"><xsl:with-param name="ns" select="@base-ns"/></xsl:call-template> → <xsl:call-template name="microseconds"><xsl:with-param name="ns" select="@new-ns"/></xsl:call-template><br/><small>× <xsl:value-of select="concat(@value, ' [', @low, ', ', @high, ']')"/></small></td>
                  </xsl:for-each>
                </tr>
              </xsl:for-each>
            </tbody>
          </table>
        </div>
      </xsl:if>
      <p class="note"><xsl:call-template name="lat"><xsl:with-param name="id" select="'comparison-note'"/></xsl:call-template></p>
    </xsl:for-each>
  </xsl:template>
</xsl:stylesheet>
