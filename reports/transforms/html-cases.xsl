<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- What was left out and why; every case by area. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:r="urn:onecard:result:1"
                xmlns:x="urn:onecard:report:1" exclude-result-prefixes="r x">
  <xsl:key name="left-out" match="r:case[@verdict='NOT_RUN' or @verdict='NOT_APPLICABLE']" use="concat(@verdict, ' ', @left-out)"/>
  <xsl:key name="by-area" match="r:case" use="string(@area)"/>
  <!-- A page with more rows than this opens in no browser within reason. -->
  <xsl:variable name="listed-cases" select="20000"/>

  <xsl:template name="left-out">
    <xsl:variable name="all" select="key('by-verdict', 'NOT_RUN') | key('by-verdict', 'NOT_APPLICABLE')"/>
    <xsl:call-template name="heading"><xsl:with-param name="id" select="'left-out'"/></xsl:call-template>
    <xsl:choose>
      <xsl:when test="not($all)"><p><xsl:call-template name="say"><xsl:with-param name="id" select="'nothing-left-out'"/></xsl:call-template></p></xsl:when>
      <xsl:otherwise>
        <div class="wide">
          <table>
            <caption class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'left-out-caption'"/></xsl:call-template></caption>
            <thead><tr>
              <xsl:call-template name="th"><xsl:with-param name="id" select="'verdict'"/></xsl:call-template>
              <xsl:call-template name="th"><xsl:with-param name="id" select="'reason'"/></xsl:call-template>
              <xsl:call-template name="th"><xsl:with-param name="id" select="'number'"/><xsl:with-param name="class" select="'n'"/></xsl:call-template>
              <xsl:call-template name="th"><xsl:with-param name="id" select="'case'"/></xsl:call-template>
            </tr></thead>
            <tbody>
              <xsl:for-each select="$all[@first]">
                <xsl:variable name="group" select="key('left-out', concat(@verdict, ' ', @left-out))"/>
                <tr>
                  <td><xsl:call-template name="badge"/></td>
                  <td>
                    <xsl:choose>
                      <xsl:when test="@left-out != ''"><xsl:value-of select="@left-out"/></xsl:when>
                      <xsl:when test="@twin != ''"><xsl:call-template name="say"><xsl:with-param name="id" select="'left-out-twin'"/></xsl:call-template></xsl:when>
                    </xsl:choose>
                  </td>
                  <td class="n"><xsl:value-of select="count($group)"/></td>
                  <td>
                    <xsl:choose>
                      <xsl:when test="count($group) &lt; 4"><xsl:call-template name="id-list"><xsl:with-param name="cases" select="$group"/></xsl:call-template></xsl:when>
                      <xsl:otherwise>
                        <details>
                          <summary><code><xsl:value-of select="$group[1]/@id"/></code> …</summary>
                          <xsl:call-template name="id-list"><xsl:with-param name="cases" select="$group"/></xsl:call-template>
                        </details>
                      </xsl:otherwise>
                    </xsl:choose>
                  </td>
                </tr>
              </xsl:for-each>
            </tbody>
          </table>
        </div>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="id-list">
    <xsl:param name="cases"/>
    <xsl:for-each select="$cases">
      <xsl:if test="position() &gt; 1"><br/></xsl:if>
      <xsl:call-template name="id"><xsl:with-param name="id" select="@id"/></xsl:call-template>
      <xsl:if test="$pass-count &gt; 1"><xsl:text> </xsl:text><span class="note"><xsl:value-of select="@pass"/></span></xsl:if>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="cases">
    <xsl:variable name="shortened" select="count(r:case) &gt; $listed-cases"/>
    <xsl:call-template name="heading"><xsl:with-param name="id" select="'cases'"/></xsl:call-template>
    <xsl:if test="$shortened"><p><xsl:call-template name="say"><xsl:with-param name="id" select="'cases-shortened'"/></xsl:call-template></p></xsl:if>
    <xsl:variable name="result" select="."/>
    <xsl:for-each select="$t[starts-with(@id, 'area-')]">
      <xsl:variable name="text" select="string(@id)"/>
      <xsl:for-each select="$result">
        <xsl:choose>
          <xsl:when test="$text = 'area-other'">
            <xsl:call-template name="area">
              <xsl:with-param name="text" select="$text"/>
              <xsl:with-param name="all" select="r:case[not(@area='card' or @area='terminal' or @area='host' or @area='flow')]"/>
              <xsl:with-param name="shortened" select="$shortened"/>
            </xsl:call-template>
          </xsl:when>
          <xsl:otherwise>
            <xsl:call-template name="area">
              <xsl:with-param name="text" select="$text"/>
              <xsl:with-param name="all" select="key('by-area', substring-after($text, 'area-'))"/>
              <xsl:with-param name="shortened" select="$shortened"/>
            </xsl:call-template>
          </xsl:otherwise>
        </xsl:choose>
      </xsl:for-each>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="area">
    <xsl:param name="text"/>
    <xsl:param name="all"/>
    <xsl:param name="shortened"/>
    <xsl:if test="$all">
      <details class="block">
        <summary class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="$text"/></xsl:call-template> (<xsl:value-of select="count($all)"/>)</summary>
        <div class="wide">
          <table>
            <caption class="quiet"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="$text"/></xsl:call-template></caption>
            <thead><tr>
              <xsl:call-template name="th"><xsl:with-param name="id" select="'verdict'"/></xsl:call-template>
              <xsl:call-template name="th"><xsl:with-param name="id" select="'case'"/></xsl:call-template>
              <xsl:call-template name="th"><xsl:with-param name="id" select="'pass'"/></xsl:call-template>
              <xsl:call-template name="th"><xsl:with-param name="id" select="'vector'"/></xsl:call-template>
              <xsl:call-template name="th"><xsl:with-param name="id" select="'duration'"/><xsl:with-param name="class" select="'n'"/></xsl:call-template>
            </tr></thead>
            <tbody>
              <xsl:for-each select="$all[not($shortened) or not(@verdict='PASS' or @verdict='NOT_APPLICABLE')]">
                <tr>
                  <td><xsl:call-template name="badge"/></td>
                  <th scope="row">
                    <xsl:call-template name="case-link"/>
                    <span style="display:block;font-weight:400"><xsl:call-template name="both"><xsl:with-param name="zh" select="r:title[@lang='zh']"/><xsl:with-param name="en" select="r:title[@lang='en']"/></xsl:call-template></span>
                  </th>
                  <td><xsl:call-template name="id"><xsl:with-param name="id" select="@pass"/></xsl:call-template></td>
                  <td><xsl:call-template name="id"><xsl:with-param name="id" select="concat(@file, ':', @line)"/></xsl:call-template></td>
                  <td class="n"><xsl:call-template name="microseconds"><xsl:with-param name="ns" select="@duration-ns"/></xsl:call-template></td>
                </tr>
              </xsl:for-each>
            </tbody>
          </table>
        </div>
      </details>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
