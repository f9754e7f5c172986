<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- Requirement -> verdict -> cases; what no case of the run is about, and why. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:r="urn:onecard:result:1"
                xmlns:x="urn:onecard:report:1" exclude-result-prefixes="r x">
  <xsl:key name="verdict-of-requirement" match="x:requirement" use="@verdict"/>

  <xsl:template name="requirements">
    <xsl:variable name="all" select="$report/x:requirement"/>
    <xsl:call-template name="heading"><xsl:with-param name="id" select="'requirements'"/></xsl:call-template>
    <p class="note"><xsl:call-template name="say"><xsl:with-param name="id" select="'requirements-note'"/></xsl:call-template></p>
    <p class="note"><xsl:call-template name="say"><xsl:with-param name="id" select="'confidence-key'"/></xsl:call-template></p>
    <p class="tally i">
      <xsl:for-each select="$verdicts">
        <xsl:variable name="verdict" select="string(@id)"/>
        <xsl:variable name="n" select="count($all[@verdict=$verdict])"/>
        <xsl:if test="$n &gt; 0">
          <xsl:call-template name="badge"><xsl:with-param name="verdict" select="$verdict"/></xsl:call-template>
          <xsl:text> </xsl:text><strong><xsl:value-of select="$n"/></strong><xsl:text>　</xsl:text>
        </xsl:if>
      </xsl:for-each>
    </p>
    <p class="tally i">
      <xsl:call-template name="tally"><xsl:with-param name="id" select="'pairs'"/><xsl:with-param name="n" select="$report/@pairs"/></xsl:call-template><xsl:text>　</xsl:text>
      <xsl:call-template name="tally"><xsl:with-param name="id" select="'pairs-run'"/><xsl:with-param name="n" select="$report/@pairs-run"/></xsl:call-template><xsl:text>　</xsl:text>
      <xsl:call-template name="tally"><xsl:with-param name="id" select="'pairs-passed'"/><xsl:with-param name="n" select="$report/@pairs-passed"/></xsl:call-template>
    </p>
    <xsl:if test="not($report/@listed)"><p class="note"><xsl:call-template name="say"><xsl:with-param name="id" select="'requirements-shortened'"/></xsl:call-template></p></xsl:if>
    <div class="wide" tabindex="0" role="group" aria-labelledby="requirements">
      <table>
        <xsl:call-template name="caption"><xsl:with-param name="id" select="'requirements-caption'"/></xsl:call-template>
        <thead><tr>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'verdict'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'requirement'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'source'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'level-confidence'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'conditions-passed'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'cases-passed'"/></xsl:call-template>
        </tr></thead>
        <tbody><xsl:apply-templates select="$all[@verdict]"/></tbody>
      </table>
    </div>
    <xsl:if test="$all[not(@verdict)]">
      <details class="block" data-group="" id="untouched">
        <summary class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'untouched'"/></xsl:call-template> (<xsl:value-of select="count($all[not(@verdict)])"/>)</summary>
        <div class="wide" tabindex="0" role="group" aria-labelledby="requirements"><table>
          <xsl:call-template name="caption"><xsl:with-param name="id" select="'untouched'"/><xsl:with-param name="quiet" select="true()"/></xsl:call-template>
          <thead><tr>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'requirement'"/></xsl:call-template>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'source'"/></xsl:call-template>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'level'"/></xsl:call-template>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'why-untested'"/></xsl:call-template>
          </tr></thead>
          <tbody>
            <xsl:for-each select="$all[not(@verdict)]">
              <tr id="q{@index}" data-v="NOT_RUN">
                <th scope="row"><xsl:call-template name="wording"/></th>
                <td><xsl:value-of select="@doc"/><br/><span class="note"><xsl:value-of select="@clause"/></span></td>
                <td><xsl:value-of select="@level"/></td>
                <td><xsl:call-template name="why"/></td>
              </tr>
            </xsl:for-each>
          </tbody>
        </table></div>
      </details>
    </xsl:if>
  </xsl:template>

  <xsl:template match="x:requirement">
    <tr id="q{@index}" data-v="{@verdict}">
      <td><xsl:call-template name="badge"/></td>
      <th scope="row"><xsl:call-template name="wording"/></th>
      <td><xsl:value-of select="@doc"/><br/><span class="note"><xsl:value-of select="@clause"/></span></td>
      <td><xsl:value-of select="@level"/><br/><xsl:value-of select="@confidence"/></td>
      <td class="r">
        <xsl:choose>
          <xsl:when test="x:condition">
            <details>
              <summary class="n"><xsl:value-of select="@pairs-passed"/> / <xsl:value-of select="@pairs"/></summary>
              <ul>
                <xsl:for-each select="x:condition">
                  <li><code><xsl:value-of select="."/></code><xsl:text> </xsl:text><xsl:call-template name="badge"><xsl:with-param name="verdict" select="string(@verdict)"/></xsl:call-template></li>
                </xsl:for-each>
              </ul>
            </details>
          </xsl:when>
          <xsl:otherwise><span class="n"><xsl:value-of select="@pairs-passed"/> / <xsl:value-of select="@pairs"/></span></xsl:otherwise>
        </xsl:choose>
        <xsl:call-template name="why"/>
      </td>
      <td class="r">
        <xsl:variable name="summary"><xsl:value-of select="sum(@PASS)"/> / <xsl:value-of select="@n"/></xsl:variable>
        <xsl:choose>
          <xsl:when test="x:case">
            <details>
              <summary class="n"><xsl:value-of select="$summary"/></summary>
              <ul class="ids">
                <xsl:for-each select="x:case">
                  <li><xsl:call-template name="case-text"/><xsl:if test="@verdict != 'PASS'"><xsl:text> </xsl:text><xsl:call-template name="badge"/></xsl:if></li>
                </xsl:for-each>
              </ul>
            </details>
          </xsl:when>
          <xsl:otherwise><span class="n"><xsl:value-of select="$summary"/></span></xsl:otherwise>
        </xsl:choose>
      </td>
    </tr>
  </xsl:template>

  <!-- Why nothing was tried: as the requirement states it, and what kept its cases from running. -->
  <xsl:template name="why">
    <xsl:if test="x:untested-zh">
      <p class="note"><xsl:call-template name="both"><xsl:with-param name="zh" select="x:untested-zh"/><xsl:with-param name="en" select="x:untested-en"/></xsl:call-template></p>
    </xsl:if>
    <xsl:for-each select="x:why">
      <p class="note"><xsl:value-of select="."/><xsl:text> (</xsl:text><xsl:value-of select="@cases"/><xsl:text>)</xsl:text></p>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="wording">
    <xsl:call-template name="id"><xsl:with-param name="id" select="@id"/></xsl:call-template>
    <span class="light">
      <xsl:choose>
        <xsl:when test="@known='true'"><xsl:call-template name="both"><xsl:with-param name="zh" select="x:zh"/><xsl:with-param name="en" select="x:en"/></xsl:call-template></xsl:when>
        <xsl:otherwise><xsl:call-template name="say"><xsl:with-param name="id" select="'unknown-requirement'"/></xsl:call-template></xsl:otherwise>
      </xsl:choose>
    </span>
  </xsl:template>
</xsl:stylesheet>
