<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- How to verify, and the items of ISO/IEC 17025:2017, 7.8.2.1: what no tool knows comes from the laboratory's file and
     the supplier's declaration, and where nobody gave it, it is printed as not provided, never left out. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:r="urn:onecard:result:1"
                xmlns:x="urn:onecard:report:1" xmlns:l="urn:onecard:lab:1" xmlns:i="urn:onecard:ics:1" exclude-result-prefixes="r x l i">
  <!-- What is given beside the record stands before the record's copy. -->
  <xsl:variable name="lab" select="$report/x:lab/l:lab | /r:result[not(x:report/x:lab)]/r:lab/l:lab"/>
  <xsl:variable name="ics" select="/r:result/r:ics/i:ics"/>

  <xsl:template name="closing">
    <xsl:call-template name="heading"><xsl:with-param name="id" select="'verify'"/></xsl:call-template>
    <p><xsl:call-template name="say"><xsl:with-param name="id" select="'verify-note'"/></xsl:call-template></p>
    <table>
      <xsl:call-template name="caption"><xsl:with-param name="id" select="'verify'"/><xsl:with-param name="quiet" select="true()"/></xsl:call-template>
      <tbody>
        <tr><th scope="row">SHA-256</th><td class="hex"><xsl:value-of select="$report/@sha256"/></td></tr>
        <tr><th scope="row">SM3</th><td class="hex"><xsl:value-of select="$report/@sm3"/></td></tr>
        <xsl:if test="@plan-sha256"><tr><th scope="row" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'plan-digest'"/></xsl:call-template></th><td class="hex"><xsl:value-of select="@plan-sha256"/></td></tr></xsl:if>
      </tbody>
    </table>
    <xsl:call-template name="heading"><xsl:with-param name="id" select="'lab'"/></xsl:call-template>
    <p class="note"><xsl:call-template name="say"><xsl:with-param name="id" select="'lab-note'"/></xsl:call-template></p>
    <xsl:call-template name="items-17025"/>
    <xsl:call-template name="signatures"/>
    <p class="note"><xsl:call-template name="say"><xsl:with-param name="id" select="'reproduce'"/></xsl:call-template></p>
  </xsl:template>

  <xsl:template name="items-17025">
    <div class="wide" tabindex="0" role="group" aria-labelledby="lab">
      <table class="items">
        <xsl:call-template name="caption"><xsl:with-param name="id" select="'lab-caption'"/></xsl:call-template>
        <thead><tr>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'letter'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'lab-item'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'lab-value'"/></xsl:call-template>
        </tr></thead>
        <tbody>
          <xsl:call-template name="item"><xsl:with-param name="letter" select="'a'"/><xsl:with-param name="value"><xsl:call-template name="own-title"/></xsl:with-param></xsl:call-template>
          <xsl:call-template name="item"><xsl:with-param name="letter" select="'b'"/><xsl:with-param name="value"><xsl:for-each select="$lab/l:laboratory"><xsl:call-template name="list"/></xsl:for-each></xsl:with-param></xsl:call-template>
          <xsl:call-template name="item"><xsl:with-param name="letter" select="'c'"/><xsl:with-param name="value"><xsl:for-each select="$lab/l:place"><xsl:call-template name="list"/></xsl:for-each></xsl:with-param></xsl:call-template>
          <xsl:call-template name="item"><xsl:with-param name="letter" select="'d'"/><xsl:with-param name="value"><xsl:if test="$lab/l:report/@id"><p><xsl:value-of select="$lab/l:report/@id"/></p></xsl:if><p><code><xsl:value-of select="$report/@id"/></code></p><p><xsl:call-template name="say"><xsl:with-param name="id" select="'pages'"/></xsl:call-template></p></xsl:with-param></xsl:call-template>
          <xsl:call-template name="item"><xsl:with-param name="letter" select="'e'"/><xsl:with-param name="value"><xsl:for-each select="$lab/l:customer"><xsl:call-template name="list"/></xsl:for-each></xsl:with-param></xsl:call-template>
          <xsl:call-template name="item"><xsl:with-param name="letter" select="'f'"/><xsl:with-param name="value"><xsl:call-template name="method"/></xsl:with-param></xsl:call-template>
          <xsl:call-template name="item"><xsl:with-param name="letter" select="'g'"/><xsl:with-param name="value"><xsl:call-template name="declared"/></xsl:with-param></xsl:call-template>
          <xsl:call-template name="item"><xsl:with-param name="letter" select="'h'"/><xsl:with-param name="value"><xsl:for-each select="$lab/l:item[@received or @sampled]"><p><xsl:value-of select="@received"/><xsl:if test="@sampled"><xsl:value-of select="concat(' (', @sampled, ')')"/></xsl:if></p></xsl:for-each></xsl:with-param></xsl:call-template>
          <xsl:call-template name="item"><xsl:with-param name="letter" select="'i'"/><xsl:with-param name="value"><xsl:if test="$lab/l:performed"><p><xsl:value-of select="concat($lab/l:performed/@from, ' – ', $lab/l:performed/@to)"/></p></xsl:if><p><xsl:value-of select="concat(@started, ' – ', @ended)"/></p></xsl:with-param></xsl:call-template>
          <xsl:call-template name="item"><xsl:with-param name="letter" select="'j'"/><xsl:with-param name="value"><xsl:value-of select="$lab/l:report/@issued"/></xsl:with-param></xsl:call-template>
          <xsl:call-template name="item"><xsl:with-param name="letter" select="'k'"/><xsl:with-param name="value"><xsl:for-each select="$lab/l:sampling"><p><xsl:value-of select="@plan"/><xsl:if test="@units"><xsl:value-of select="concat(' ', @units)"/></xsl:if><xsl:if test="@of"><xsl:value-of select="concat(' / ', @of)"/></xsl:if></p></xsl:for-each></xsl:with-param></xsl:call-template>
          <xsl:call-template name="item"><xsl:with-param name="letter" select="'l'"/><xsl:with-param name="value"><xsl:call-template name="say"><xsl:with-param name="id" select="'only-items'"/></xsl:call-template></xsl:with-param></xsl:call-template>
          <xsl:call-template name="item"><xsl:with-param name="letter" select="'m'"/><xsl:with-param name="value"><p><a href="#clauses"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'clauses'"/></xsl:call-template></a> · <a href="#findings"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'findings'"/></xsl:call-template></a> · <a href="#latency"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'latency'"/></xsl:call-template></a></p><xsl:for-each select="$lab/l:conditions"><xsl:call-template name="list"/></xsl:for-each></xsl:with-param></xsl:call-template>
          <xsl:call-template name="item"><xsl:with-param name="letter" select="'n'"/><xsl:with-param name="value"><p><a href="#deviations"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'deviations'"/></xsl:call-template></a> · <a href="#left-out"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'left-out'"/></xsl:call-template></a></p><xsl:for-each select="$lab/l:departure"><xsl:call-template name="words"/></xsl:for-each><xsl:for-each select="r:amends"><p><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'amends'"/></xsl:call-template><xsl:text> </xsl:text><code><xsl:value-of select="@run-id"/></code><xsl:text> </xsl:text><xsl:value-of select="r:reason"/></p></xsl:for-each></xsl:with-param></xsl:call-template>
          <xsl:call-template name="item"><xsl:with-param name="letter" select="'o'"/><xsl:with-param name="value"><xsl:for-each select="$lab/l:authorised"><xsl:call-template name="list"/></xsl:for-each></xsl:with-param></xsl:call-template>
          <xsl:call-template name="item"><xsl:with-param name="letter" select="'p'"/><xsl:with-param name="value"><xsl:for-each select="$lab/l:external"><xsl:call-template name="list"/></xsl:for-each></xsl:with-param></xsl:call-template>
          <xsl:if test="$lab/l:opinion"><xsl:call-template name="item"><xsl:with-param name="letter" select="'7.8.7'"/><xsl:with-param name="value"><xsl:for-each select="$lab/l:opinion"><xsl:call-template name="words"/></xsl:for-each></xsl:with-param></xsl:call-template></xsl:if>
        </tbody>
      </table>
    </div>
  </xsl:template>

  <xsl:template name="item">
    <xsl:param name="letter"/>
    <xsl:param name="value"/>
    <tr>
      <td><xsl:value-of select="$letter"/></td>
      <th scope="row"><xsl:call-template name="say"><xsl:with-param name="id" select="concat('item-', $letter)"/></xsl:call-template></th>
      <td>
        <xsl:choose>
          <xsl:when test="string($value) != ''"><xsl:copy-of select="$value"/></xsl:when>
          <xsl:otherwise><span class="note i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'not-provided'"/></xsl:call-template></span></xsl:otherwise>
        </xsl:choose>
      </td>
    </tr>
  </xsl:template>

  <!-- What an element says in its attributes, one beside the other. -->
  <xsl:template name="list">
    <p><xsl:for-each select="@*"><xsl:if test="position() &gt; 1"> · </xsl:if><xsl:value-of select="."/></xsl:for-each></p>
  </xsl:template>

  <xsl:template name="words">
    <p lang="{@lang}"><xsl:value-of select="."/></p>
  </xsl:template>

  <xsl:template name="own-title">
    <xsl:choose>
      <xsl:when test="$lab/l:title"><xsl:call-template name="both"><xsl:with-param name="zh" select="$lab/l:title[@lang='zh']"/><xsl:with-param name="en" select="$lab/l:title[@lang='en']"/></xsl:call-template></xsl:when>
      <xsl:otherwise><xsl:call-template name="say"><xsl:with-param name="id" select="'title'"/></xsl:call-template></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="method">
    <p>onecard <xsl:value-of select="@suite-version"/> · SHA-256 <span class="hex"><xsl:value-of select="r:vectors/@sha256"/></span></p>
    <p><xsl:for-each select="$report/x:document[@good + @bad + @open &gt; 0]"><xsl:if test="position() &gt; 1">, </xsl:if><xsl:value-of select="@doc"/></xsl:for-each></p>
    <xsl:for-each select="$lab/l:method"><xsl:call-template name="words"/></xsl:for-each>
  </xsl:template>

  <!-- What is under test, as its supplier declares it; and the digest of the library that was really loaded. -->
  <xsl:template name="declared">
    <xsl:for-each select="$ics">
      <p><xsl:value-of select="concat(i:vendor/@name, ' · ', i:item/@model)"/></p>
      <dl class="facts">
        <xsl:for-each select="i:item/@hardware-version | i:item/@software-version | i:item/@serial | i:item/@interface | i:item/@library-sha256 | i:item/@photo-sha256">
          <div><dt class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="concat('ics-', name())"/></xsl:call-template></dt><dd><xsl:value-of select="."/></dd></div>
        </xsl:for-each>
      </dl>
      <p><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'ics-id'"/></xsl:call-template><xsl:value-of select="concat(' ', @id, ' ', @date)"/> · SHA-256 <span class="hex"><xsl:value-of select="../@sha256"/></span></p>
    </xsl:for-each>
    <xsl:for-each select="r:pass/@terminal-sha256[not(. = ../preceding-sibling::r:pass/@terminal-sha256)]"><p><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'tested-terminal'"/></xsl:call-template> SHA-256 <span class="hex"><xsl:value-of select="."/></span></p></xsl:for-each>
    <xsl:if test="$lab/l:item/@condition"><p><xsl:value-of select="$lab/l:item/@condition"/></p></xsl:if>
  </xsl:template>

  <xsl:template name="signatures">
    <table class="sign">
      <xsl:call-template name="caption"><xsl:with-param name="id" select="'signatures'"/></xsl:call-template>
      <tbody>
        <xsl:for-each select="$t[@id='lab-tested' or @id='lab-reviewed' or @id='lab-authorised']">
          <tr>
            <th scope="row"><xsl:call-template name="say"><xsl:with-param name="id" select="string(@id)"/></xsl:call-template></th>
            <td></td>
            <th scope="row"><xsl:call-template name="say"><xsl:with-param name="id" select="'date'"/></xsl:call-template></th>
            <td></td>
          </tr>
        </xsl:for-each>
      </tbody>
    </table>
  </xsl:template>
</xsl:stylesheet>
