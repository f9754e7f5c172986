<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- What was left out and why, waivers; the slowest cases; every case by area. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:r="urn:onecard:result:1"
                xmlns:x="urn:onecard:report:1" xmlns:i="urn:onecard:ics:1" exclude-result-prefixes="r x i">
  <xsl:key name="rows-of" match="x:row" use="string(@area)"/>

  <xsl:template name="left-out">
    <xsl:variable name="all" select="$report/x:left/x:left-out"/>
    <xsl:call-template name="heading"><xsl:with-param name="id" select="'left-out'"/></xsl:call-template>
    <xsl:choose>
      <xsl:when test="not($all)"><p><xsl:call-template name="say"><xsl:with-param name="id" select="'nothing-left-out'"/></xsl:call-template></p></xsl:when>
      <xsl:otherwise>
        <div class="wide" tabindex="0" role="group" aria-labelledby="left-out">
          <table>
            <xsl:call-template name="caption"><xsl:with-param name="id" select="'left-out-caption'"/></xsl:call-template>
            <thead><tr>
              <xsl:call-template name="th"><xsl:with-param name="id" select="'verdict'"/></xsl:call-template>
              <xsl:call-template name="th"><xsl:with-param name="id" select="'reason'"/></xsl:call-template>
              <xsl:call-template name="th"><xsl:with-param name="id" select="'number'"/><xsl:with-param name="class" select="'n'"/></xsl:call-template>
              <xsl:call-template name="th"><xsl:with-param name="id" select="'case'"/></xsl:call-template>
            </tr></thead>
            <tbody><xsl:apply-templates select="$all"/></tbody>
          </table>
        </div>
      </xsl:otherwise>
    </xsl:choose>
    <xsl:call-template name="ics-exclusions"/>
    <xsl:call-template name="waivers"/>
  </xsl:template>

  <xsl:template name="ics-exclusions">
    <xsl:if test="$ics/i:declares[@supported='false' or @supported='0']">
      <h3><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'ics-exclusions'"/></xsl:call-template></h3>
      <ul class="ids"><xsl:for-each select="$ics/i:declares[@supported='false' or @supported='0']"><li><xsl:value-of select="@term"/></li></xsl:for-each></ul>
    </xsl:if>
  </xsl:template>

  <!-- A waiver changes no verdict: who accepted what, why, and until when. -->
  <xsl:template name="waivers">
    <h3 id="waivers"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'waivers'"/></xsl:call-template></h3>
    <xsl:choose>
      <xsl:when test="not(r:waiver)"><p><xsl:call-template name="say"><xsl:with-param name="id" select="'no-waivers'"/></xsl:call-template></p></xsl:when>
      <xsl:otherwise>
        <div class="wide" tabindex="0" role="group" aria-labelledby="waivers">
          <table>
            <xsl:call-template name="caption"><xsl:with-param name="id" select="'waivers-caption'"/></xsl:call-template>
            <thead><tr>
              <xsl:call-template name="th"><xsl:with-param name="id" select="'waiver'"/></xsl:call-template>
              <xsl:call-template name="th"><xsl:with-param name="id" select="'case'"/></xsl:call-template>
              <xsl:call-template name="th"><xsl:with-param name="id" select="'requirement'"/></xsl:call-template>
              <xsl:call-template name="th"><xsl:with-param name="id" select="'reason'"/></xsl:call-template>
              <xsl:call-template name="th"><xsl:with-param name="id" select="'waiver-by'"/></xsl:call-template>
              <xsl:call-template name="th"><xsl:with-param name="id" select="'waiver-until'"/></xsl:call-template>
            </tr></thead>
            <tbody>
              <xsl:for-each select="r:waiver">
                <tr>
                  <th scope="row"><code><xsl:value-of select="@id"/></code></th>
                  <td><code class="id"><xsl:value-of select="@case"/></code></td>
                  <td><xsl:if test="@requirement"><xsl:call-template name="requirement-link"><xsl:with-param name="id" select="@requirement"/></xsl:call-template></xsl:if></td>
                  <td><xsl:call-template name="both"><xsl:with-param name="zh" select="r:reason[@lang='zh']"/><xsl:with-param name="en" select="r:reason[@lang='en']"/></xsl:call-template></td>
                  <td><xsl:value-of select="@by"/></td>
                  <td><xsl:value-of select="@until"/><xsl:if test="@holds='false' or @holds='0'"><br/><strong><xsl:call-template name="say"><xsl:with-param name="id" select="'waiver-expired'"/></xsl:call-template></strong></xsl:if></td>
                </tr>
              </xsl:for-each>
            </tbody>
          </table>
        </div>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template match="x:left-out">
    <tr>
      <td><xsl:call-template name="badge"/></td>
      <td>
        <xsl:choose>
          <xsl:when test="x:reason != ''"><xsl:value-of select="x:reason"/></xsl:when>
          <xsl:otherwise><xsl:call-template name="say"><xsl:with-param name="id" select="'left-out-twin'"/></xsl:call-template></xsl:otherwise>
        </xsl:choose>
      </td>
      <td class="n"><xsl:value-of select="@n"/></td>
      <td>
        <xsl:choose>
          <xsl:when test="count(x:case) &lt; 4"><xsl:call-template name="id-list"/></xsl:when>
          <xsl:otherwise>
            <details>
              <summary><code><xsl:value-of select="x:case[1]/@id"/></code> …</summary>
              <xsl:call-template name="id-list"/>
              <xsl:if test="@n &gt; count(x:case)"><br/><span class="note">+ <xsl:value-of select="@n - count(x:case)"/></span></xsl:if>
            </details>
          </xsl:otherwise>
        </xsl:choose>
      </td>
    </tr>
  </xsl:template>

  <xsl:template name="id-list">
    <xsl:for-each select="x:case">
      <xsl:if test="position() &gt; 1"><br/></xsl:if>
      <code><xsl:value-of select="@id"/><xsl:if test="$pass-count &gt; 1"><xsl:value-of select="concat(' · ', @pass)"/></xsl:if></code>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="cases">
    <xsl:call-template name="heading"><xsl:with-param name="id" select="'cases'"/></xsl:call-template>
    <xsl:call-template name="areas"/>
    <xsl:call-template name="slowest"/>
    <xsl:choose>
      <xsl:when test="not($report/@listed)"><p><xsl:call-template name="say"><xsl:with-param name="id" select="'cases-shortened'"/></xsl:call-template></p></xsl:when>
      <xsl:otherwise>
        <xsl:for-each select="$report/x:area">
          <xsl:choose>
            <xsl:when test="@name='other'"><xsl:call-template name="area"><xsl:with-param name="rows" select="$report/x:row[not(@area='card' or @area='terminal' or @area='host' or @area='flow')]"/></xsl:call-template></xsl:when>
            <xsl:otherwise><xsl:call-template name="area"><xsl:with-param name="rows" select="key('rows-of', @name)"/></xsl:call-template></xsl:otherwise>
          </xsl:choose>
        </xsl:for-each>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="areas">
    <xsl:if test="$report/x:area">
      <div class="wide" tabindex="0" role="group" aria-labelledby="cases">
        <table>
          <xsl:call-template name="caption"><xsl:with-param name="id" select="'areas-caption'"/></xsl:call-template>
          <xsl:call-template name="verdict-head"><xsl:with-param name="first" select="'area'"/></xsl:call-template>
          <tbody>
            <xsl:for-each select="$report/x:area">
              <tr>
                <th scope="row" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="concat('area-', @name)"/></xsl:call-template></th>
                <xsl:call-template name="verdict-cells"/>
              </tr>
            </xsl:for-each>
          </tbody>
        </table>
      </div>
    </xsl:if>
  </xsl:template>

  <xsl:template name="slowest">
    <xsl:if test="$report/x:slow">
      <table>
        <xsl:call-template name="caption"><xsl:with-param name="id" select="'slowest'"/></xsl:call-template>
        <thead><tr>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'case'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'pass'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'duration'"/><xsl:with-param name="class" select="'n'"/></xsl:call-template>
        </tr></thead>
        <tbody>
          <xsl:for-each select="$report/x:slow">
            <tr>
              <th scope="row"><xsl:call-template name="case-link"/></th>
              <td><code><xsl:value-of select="@pass"/></code></td>
              <td class="n"><xsl:value-of select="format-number(@us, '#,##0.0')"/></td>
            </tr>
          </xsl:for-each>
        </tbody>
      </table>
    </xsl:if>
  </xsl:template>

  <xsl:template name="area">
    <xsl:param name="rows"/>
    <xsl:variable name="text" select="concat('area-', @name)"/>
    <details class="block" data-group="" id="{$text}">
      <summary class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="$text"/></xsl:call-template> (<xsl:value-of select="count($rows)"/>)</summary>
      <div class="wide" tabindex="0" role="group" aria-labelledby="cases">
        <table>
          <xsl:call-template name="caption"><xsl:with-param name="id" select="$text"/><xsl:with-param name="quiet" select="true()"/></xsl:call-template>
          <thead><tr>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'verdict'"/></xsl:call-template>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'case'"/></xsl:call-template>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'vector'"/></xsl:call-template>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'duration'"/><xsl:with-param name="class" select="'n'"/></xsl:call-template>
          </tr></thead>
          <tbody><xsl:apply-templates select="$rows"/></tbody>
        </table>
      </div>
    </details>
  </xsl:template>

  <!-- One row, whatever the number of passes; what the filter goes by is the verdict that matters most. -->
  <xsl:template match="x:row">
    <xsl:variable name="v">
      <xsl:choose>
        <xsl:when test="@FAIL">FAIL</xsl:when>
        <xsl:when test="@ERROR">ERROR</xsl:when>
        <xsl:when test="@DEVIATION">DEVIATION</xsl:when>
        <xsl:when test="@INCONCLUSIVE">INCONCLUSIVE</xsl:when>
        <xsl:when test="@PASS">PASS</xsl:when>
        <xsl:when test="@NOT_RUN">NOT_RUN</xsl:when>
        <xsl:otherwise>NOT_APPLICABLE</xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <tr data-v="{$v}">
      <td>
        <xsl:choose>
          <xsl:when test="@n = 1"><xsl:call-template name="badge"><xsl:with-param name="verdict" select="$v"/></xsl:call-template></xsl:when>
          <xsl:otherwise><xsl:call-template name="verdict-numbers"/></xsl:otherwise>
        </xsl:choose>
      </td>
      <th scope="row"><xsl:call-template name="case-link"/><span class="light"><xsl:call-template name="both"><xsl:with-param name="zh" select="x:zh"/><xsl:with-param name="en" select="x:en"/></xsl:call-template></span></th>
      <td><code class="id"><xsl:value-of select="@file"/><xsl:text>:</xsl:text><wbr/><xsl:value-of select="@line"/></code></td>
      <td class="n"><xsl:value-of select="@us"/></td>
    </tr>
  </xsl:template>
</xsl:stylesheet>
