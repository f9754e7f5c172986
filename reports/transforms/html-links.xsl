<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- Where the links differ. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:r="urn:onecard:result:1"
                xmlns:x="urn:onecard:report:1" exclude-result-prefixes="r x">
  <xsl:template name="links">
    <xsl:call-template name="heading"><xsl:with-param name="id" select="'links'"/></xsl:call-template>
    <xsl:choose>
      <xsl:when test="not(r:pass/@transport != r:pass[1]/@transport) and not(r:difference)"><p><xsl:call-template name="say"><xsl:with-param name="id" select="'one-pass'"/></xsl:call-template></p></xsl:when>
      <xsl:when test="not(r:difference)"><p><xsl:call-template name="say"><xsl:with-param name="id" select="'no-differences'"/></xsl:call-template></p></xsl:when>
      <xsl:otherwise>
        <table>
          <caption class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'differences-caption'"/></xsl:call-template></caption>
          <thead><tr>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'case'"/></xsl:call-template>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'pass'"/></xsl:call-template>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'verdict'"/></xsl:call-template>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'pass'"/></xsl:call-template>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'verdict'"/></xsl:call-template>
          </tr></thead>
          <tbody>
            <xsl:for-each select="r:difference">
              <tr>
                <th scope="row"><xsl:call-template name="id"><xsl:with-param name="id" select="@id"/></xsl:call-template></th>
                <td><xsl:call-template name="id"><xsl:with-param name="id" select="@pass-a"/></xsl:call-template></td>
                <td><xsl:call-template name="badge"><xsl:with-param name="verdict" select="string(@verdict-a)"/></xsl:call-template></td>
                <td><xsl:call-template name="id"><xsl:with-param name="id" select="@pass-b"/></xsl:call-template></td>
                <td><xsl:call-template name="badge"><xsl:with-param name="verdict" select="string(@verdict-b)"/></xsl:call-template></td>
              </tr>
            </xsl:for-each>
          </tbody>
        </table>
      </xsl:otherwise>
    </xsl:choose>
    <xsl:if test="r:one-link">
      <details>
        <summary class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'one-link-caption'"/></xsl:call-template> (<xsl:value-of select="count(r:one-link)"/>)</summary>
        <table>
          <caption class="quiet"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'one-link-caption'"/></xsl:call-template></caption>
          <thead><tr>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'case'"/></xsl:call-template>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'pass'"/></xsl:call-template>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'reason'"/></xsl:call-template>
          </tr></thead>
          <tbody>
            <xsl:for-each select="r:one-link">
              <tr>
                <th scope="row"><xsl:call-template name="id"><xsl:with-param name="id" select="@id"/></xsl:call-template></th>
                <td><xsl:call-template name="id"><xsl:with-param name="id" select="@pass"/></xsl:call-template></td>
                <td><xsl:value-of select="r:reason"/></td>
              </tr>
            </xsl:for-each>
          </tbody>
        </table>
      </details>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
