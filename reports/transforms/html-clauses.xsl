<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- For who signs: what is said of each document and clause; where the sources of a deviation are weak. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:r="urn:onecard:result:1"
                xmlns:x="urn:onecard:report:1" exclude-result-prefixes="r x">
  <xsl:variable name="assessments" select="$t[@id='good' or @id='bad' or @id='open' or @id='not-assessed' or @id='not-applicable']"/>

  <xsl:template name="clauses">
    <xsl:variable name="documents" select="$report/x:document"/>
    <xsl:call-template name="heading"><xsl:with-param name="id" select="'clauses'"/></xsl:call-template>
    <p class="note"><xsl:call-template name="say"><xsl:with-param name="id" select="'clauses-note'"/></xsl:call-template></p>
    <div class="wide" tabindex="0" role="group" aria-labelledby="clauses">
      <table>
        <xsl:call-template name="caption"><xsl:with-param name="id" select="'documents-caption'"/></xsl:call-template>
        <thead><tr>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'document'"/></xsl:call-template>
          <xsl:for-each select="$assessments"><xsl:call-template name="th"><xsl:with-param name="id" select="string(@id)"/><xsl:with-param name="class" select="'n'"/></xsl:call-template></xsl:for-each>
        </tr></thead>
        <tbody>
          <xsl:for-each select="$documents[@good + @bad + @open &gt; 0]">
            <xsl:variable name="document" select="."/>
            <tr>
              <th scope="row"><a href="#d{count(preceding-sibling::x:document)}"><xsl:value-of select="@doc"/></a></th>
              <xsl:for-each select="$assessments">
                <xsl:variable name="id" select="string(@id)"/>
                <xsl:call-template name="count-cell"><xsl:with-param name="n" select="$document/@*[name()=$id]"/></xsl:call-template>
              </xsl:for-each>
            </tr>
          </xsl:for-each>
        </tbody>
      </table>
    </div>
    <xsl:if test="$documents[@good + @bad + @open = 0]">
      <p class="note i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'documents-untouched'"/></xsl:call-template><xsl:text> </xsl:text>
        <xsl:for-each select="$documents[@good + @bad + @open = 0]">
          <xsl:if test="position() &gt; 1"> · </xsl:if>
          <a href="#d{count(preceding-sibling::x:document)}"><xsl:value-of select="@doc"/></a>
        </xsl:for-each>
      </p>
    </xsl:if>
    <xsl:for-each select="$documents">
      <details class="block" id="d{count(preceding-sibling::x:document)}">
        <xsl:if test="@good + @bad + @open &gt; 0"><xsl:attribute name="class">block on-paper</xsl:attribute></xsl:if>
        <xsl:if test="@bad &gt; 0"><xsl:attribute name="open">open</xsl:attribute></xsl:if>
        <summary><xsl:value-of select="@doc"/> (<xsl:value-of select="count(x:clause)"/>)</summary>
        <div class="wide" tabindex="0" role="group" aria-labelledby="clauses"><table class="clauses">
          <caption class="quiet"><xsl:value-of select="@doc"/></caption>
          <thead><tr>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'clause'"/></xsl:call-template>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'assessment'"/></xsl:call-template>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'requirements-cases'"/></xsl:call-template>
          </tr></thead>
          <tbody><xsl:apply-templates select="x:clause"/></tbody>
        </table></div>
      </details>
    </xsl:for-each>
    <xsl:call-template name="deviations"/>
  </xsl:template>

  <xsl:template match="x:clause">
    <xsl:variable name="assessment" select="@assessment"/>
    <tr>
      <th scope="row"><xsl:value-of select="@clause"/></th>
      <td><xsl:call-template name="badge"><xsl:with-param name="verdict" select="$assessment"/></xsl:call-template></td>
      <td>
        <xsl:for-each select="x:of">
          <xsl:variable name="requirement" select="key('requirement', .)"/>
          <xsl:if test="position() &gt; 1"><br/></xsl:if>
          <a href="#q{@index}"><code><xsl:value-of select="."/></code></a>
          <xsl:value-of select="concat(' ', sum($requirement/@PASS), '/', sum($requirement/@n))"/>
          <xsl:if test="@assessment != $assessment"><xsl:text> </xsl:text><xsl:call-template name="badge"><xsl:with-param name="verdict" select="@assessment"/></xsl:call-template></xsl:if>
        </xsl:for-each>
      </td>
    </tr>
  </xsl:template>

  <!-- A deviation is no failure, because what it departs from is weakly attested: how weakly is what a reader must see. -->
  <xsl:template name="deviations">
    <xsl:variable name="all" select="$report/x:causes/x:cause[@verdict='DEVIATION']"/>
    <h3 id="deviations"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'deviations'"/></xsl:call-template></h3>
    <xsl:choose>
      <xsl:when test="not($all)"><p><xsl:call-template name="say"><xsl:with-param name="id" select="'no-deviations'"/></xsl:call-template></p></xsl:when>
      <xsl:otherwise>
        <div class="wide" tabindex="0" role="group" aria-labelledby="deviations">
          <table>
            <xsl:call-template name="caption"><xsl:with-param name="id" select="'deviations-caption'"/></xsl:call-template>
            <thead><tr>
              <xsl:call-template name="th"><xsl:with-param name="id" select="'requirement'"/></xsl:call-template>
              <xsl:call-template name="th"><xsl:with-param name="id" select="'source'"/></xsl:call-template>
              <xsl:call-template name="th"><xsl:with-param name="id" select="'confidence'"/></xsl:call-template>
              <xsl:call-template name="th"><xsl:with-param name="id" select="'number'"/><xsl:with-param name="class" select="'n'"/></xsl:call-template>
              <xsl:call-template name="th"><xsl:with-param name="id" select="'case'"/></xsl:call-template>
            </tr></thead>
            <tbody>
              <xsl:for-each select="$all">
                <xsl:variable name="requirement" select="key('requirement', @requirement)"/>
                <tr>
                  <th scope="row">
                    <xsl:call-template name="requirement-link"><xsl:with-param name="id" select="@requirement"/></xsl:call-template>
                    <br/><span class="light"><xsl:call-template name="both"><xsl:with-param name="zh" select="$requirement/x:zh"/><xsl:with-param name="en" select="$requirement/x:en"/></xsl:call-template></span>
                  </th>
                  <td><xsl:value-of select="$requirement/@doc"/><br/><span class="note"><xsl:value-of select="$requirement/@clause"/></span></td>
                  <td>
                    <xsl:variable name="confidence"><xsl:choose><xsl:when test="x:finding/x:evidence/@confidence"><xsl:value-of select="x:finding/x:evidence/@confidence"/></xsl:when><xsl:otherwise><xsl:value-of select="$requirement/@confidence"/></xsl:otherwise></xsl:choose></xsl:variable>
                    <xsl:value-of select="$confidence"/><xsl:text> </xsl:text>
                    <xsl:if test="$confidence != '' and contains('ABCP', $confidence)"><xsl:call-template name="say"><xsl:with-param name="id" select="concat('confidence-', $confidence)"/></xsl:call-template></xsl:if>
                  </td>
                  <td class="n"><xsl:value-of select="@n"/></td>
                  <td><xsl:for-each select="x:finding[1]"><xsl:call-template name="case-link"/></xsl:for-each></td>
                </tr>
              </xsl:for-each>
            </tbody>
          </table>
        </div>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>
</xsl:stylesheet>
