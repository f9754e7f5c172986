<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- Every failure, deviation, error and open verdict, those of one cause together. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:r="urn:onecard:result:1"
                xmlns:x="urn:onecard:report:1" exclude-result-prefixes="r x">
  <xsl:template name="findings">
    <xsl:variable name="causes" select="$report/x:causes/x:cause"/>
    <xsl:call-template name="heading"><xsl:with-param name="id" select="'findings'"/></xsl:call-template>
    <xsl:choose>
      <xsl:when test="not($causes)"><p><xsl:call-template name="say"><xsl:with-param name="id" select="'no-findings'"/></xsl:call-template></p></xsl:when>
      <xsl:otherwise>
        <p class="note"><xsl:call-template name="say"><xsl:with-param name="id" select="'findings-note'"/></xsl:call-template></p>
        <xsl:call-template name="causes-table"><xsl:with-param name="causes" select="$causes"/></xsl:call-template>
        <xsl:for-each select="$causes">
          <xsl:sort select="string-length(substring-before(' FAIL DEVIATION ERROR INCONCLUSIVE ', concat(' ', @verdict, ' ')))" data-type="number"/>
          <xsl:sort select="@n" data-type="number" order="descending"/>
          <xsl:call-template name="cause"><xsl:with-param name="number" select="position()"/></xsl:call-template>
        </xsl:for-each>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="causes-table">
    <xsl:param name="causes"/>
    <div class="wide" tabindex="0" role="group" aria-labelledby="findings">
      <table>
        <xsl:call-template name="caption"><xsl:with-param name="id" select="'causes-caption'"/></xsl:call-template>
        <thead><tr>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'number'"/><xsl:with-param name="class" select="'n'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'verdict'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'cause'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'requirement'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'first-case'"/></xsl:call-template>
        </tr></thead>
        <tbody>
          <xsl:for-each select="$causes">
            <xsl:sort select="string-length(substring-before(' FAIL DEVIATION ERROR INCONCLUSIVE ', concat(' ', @verdict, ' ')))" data-type="number"/>
            <xsl:sort select="@n" data-type="number" order="descending"/>
            <tr>
              <td class="n"><a href="#c{position()}"><xsl:value-of select="@n"/></a></td>
              <td><xsl:call-template name="badge"/></td>
              <th scope="row"><xsl:call-template name="cause-name"/></th>
              <td><xsl:if test="@requirement != ''"><xsl:call-template name="requirement-link"><xsl:with-param name="id" select="@requirement"/></xsl:call-template></xsl:if></td>
              <td><xsl:for-each select="(x:finding | x:more)[1]"><xsl:call-template name="case-link"/></xsl:for-each></td>
            </tr>
          </xsl:for-each>
        </tbody>
      </table>
    </div>
  </xsl:template>

  <!-- What happened, in the record's own words: kind and class of the step, the check, what came. -->
  <xsl:template name="cause-name">
    <span class="light">
      <xsl:choose>
        <xsl:when test="@what != ''">
          <xsl:if test="@class != ''"><xsl:value-of select="@class"/><xsl:text> · </xsl:text></xsl:if>
          <xsl:if test="@class = '' and @kind != ''"><xsl:value-of select="@kind"/><xsl:text> · </xsl:text></xsl:if>
          <xsl:value-of select="@what"/>
          <xsl:if test="@received != ''"><xsl:text> </xsl:text><code><xsl:value-of select="@received"/></code></xsl:if>
          <xsl:for-each select="x:finding[1]/x:evidence/x:received[@zh]"><xsl:text> </xsl:text><xsl:call-template name="meaning"/></xsl:for-each>
        </xsl:when>
        <xsl:when test="@reason != ''"><xsl:value-of select="@reason"/></xsl:when>
        <xsl:otherwise><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'other-causes'"/></xsl:call-template></xsl:otherwise>
      </xsl:choose>
    </span>
  </xsl:template>

  <xsl:template name="meaning">
    <span class="note i"><span class="zh" lang="zh-CN"><xsl:value-of select="@zh"/></span><xsl:text> </xsl:text><span class="en" lang="en"><xsl:value-of select="@en"/></span></span>
  </xsl:template>

  <xsl:template name="cause">
    <xsl:param name="number"/>
    <section class="cause" id="c{$number}" data-group="" aria-labelledby="c{$number}-name">
      <h3 id="c{$number}-name"><xsl:call-template name="badge"/><xsl:text> </xsl:text><xsl:call-template name="cause-name"/><span class="note"> × <xsl:value-of select="@n"/></span></h3>
      <xsl:for-each select="x:finding"><xsl:call-template name="finding"/></xsl:for-each>
      <xsl:if test="x:more">
        <details data-group="">
          <summary class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'more-cases'"/></xsl:call-template> (<xsl:value-of select="count(x:more)"/>)</summary>
          <ul class="ids">
            <xsl:for-each select="x:more">
              <li data-v="{../@verdict}"><xsl:call-template name="case-text"/><xsl:if test="$pass-count &gt; 1"><xsl:text> </xsl:text><span class="note"><xsl:value-of select="@pass"/></span></xsl:if></li>
            </xsl:for-each>
          </ul>
        </details>
      </xsl:if>
      <xsl:if test="@unlisted">
        <p class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'unlisted'"/></xsl:call-template><xsl:text> </xsl:text><strong><xsl:value-of select="@unlisted"/></strong></p>
      </xsl:if>
    </section>
  </xsl:template>
</xsl:stylesheet>
