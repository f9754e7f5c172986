<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- The card of one case that did not pass: everything that it takes to mend it. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:r="urn:onecard:result:1"
                xmlns:x="urn:onecard:report:1" exclude-result-prefixes="r x">
  <xsl:template name="finding">
    <xsl:variable name="tone"><xsl:call-template name="tone"><xsl:with-param name="verdict" select="@verdict"/></xsl:call-template></xsl:variable>
    <article class="finding {$tone}" id="f{@n}" data-v="{@verdict}" aria-labelledby="f{@n}-name">
      <h4 id="f{@n}-name">
        <xsl:call-template name="badge"/><xsl:text> </xsl:text><xsl:call-template name="id"><xsl:with-param name="id" select="@id"/></xsl:call-template>
        <xsl:if test="@repeat &gt; 1"><xsl:value-of select="concat(' ×', @repeat)"/></xsl:if>
        <span class="title"><xsl:call-template name="both"><xsl:with-param name="zh" select="x:zh"/><xsl:with-param name="en" select="x:en"/></xsl:call-template></span>
      </h4>
      <table>
        <caption class="quiet"><xsl:value-of select="@id"/></caption>
        <tbody>
          <tr><th scope="row" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'reason'"/></xsl:call-template></th><td><xsl:value-of select="x:reason"/></td></tr>
          <xsl:apply-templates select="x:evidence"/>
          <tr><th scope="row" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'pass'"/></xsl:call-template></th><td><code><xsl:value-of select="@pass"/></code><xsl:for-each select="x:also"><br/><code><xsl:value-of select="@pass"/></code></xsl:for-each></td></tr>
          <xsl:if test="@waiver"><tr><th scope="row" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'waiver'"/></xsl:call-template></th><td><a href="#waivers"><code><xsl:value-of select="@waiver"/></code></a></td></tr></xsl:if>
          <xsl:call-template name="row"><xsl:with-param name="id" select="'twin'"/><xsl:with-param name="value" select="@twin"/></xsl:call-template>
          <xsl:call-template name="row"><xsl:with-param name="id" select="'because'"/><xsl:with-param name="value" select="@because"/></xsl:call-template>
          <xsl:call-template name="row"><xsl:with-param name="id" select="'official'"/><xsl:with-param name="value" select="@official"/></xsl:call-template>
          <xsl:if test="@file != ''"><xsl:call-template name="row"><xsl:with-param name="id" select="'vector'"/><xsl:with-param name="value" select="concat(@file, ':', @line)"/></xsl:call-template></xsl:if>
          <xsl:call-template name="row"><xsl:with-param name="id" select="'rerun'"/><xsl:with-param name="value" select="x:run"/></xsl:call-template>
          <xsl:call-template name="row"><xsl:with-param name="id" select="'replay'"/><xsl:with-param name="value" select="x:replay"/></xsl:call-template>
        </tbody>
      </table>
      <xsl:apply-templates select="x:trace"/>
    </article>
  </xsl:template>

  <xsl:template match="x:evidence">
    <xsl:if test="@requirement != ''"><xsl:call-template name="broken"/></xsl:if>
    <xsl:if test="@step != ''">
      <tr><th scope="row" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'step'"/></xsl:call-template></th><td><code><xsl:value-of select="@step"/></code><xsl:if test="@class != ''"><xsl:value-of select="concat(' ', @class)"/></xsl:if><xsl:if test="@what != ''"><xsl:text>: </xsl:text><code><xsl:value-of select="@what"/></code></xsl:if></td></tr>
    </xsl:if>
    <xsl:apply-templates select="x:where"/>
    <xsl:for-each select="x:expected | x:received">
      <xsl:variable name="side" select="local-name()"/>
      <tr>
        <th scope="row" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="$side"/></xsl:call-template></th>
        <td>
          <span class="hex"><xsl:for-each select="*"><xsl:choose><xsl:when test="self::x:differs"><mark><xsl:value-of select="."/></mark></xsl:when><xsl:otherwise><xsl:value-of select="."/></xsl:otherwise></xsl:choose></xsl:for-each></span>
          <xsl:call-template name="cut"/>
          <xsl:if test="@zh"><xsl:text> </xsl:text><xsl:call-template name="meaning"/></xsl:if>
          <xsl:for-each select="../x:decoded[@of=$side]"><ul class="tlv"><xsl:apply-templates select="x:tlv"/></ul></xsl:for-each>
        </td>
      </tr>
    </xsl:for-each>
    <xsl:if test="@difference-at and @what != 'sw'"><xsl:call-template name="row"><xsl:with-param name="id" select="'difference-at'"/><xsl:with-param name="value" select="@difference-at"/></xsl:call-template></xsl:if>
    <xsl:for-each select="x:field">
      <tr><th scope="row"><code><xsl:value-of select="@name"/></code></th><td><xsl:value-of select="."/></td></tr>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="broken">
    <xsl:variable name="requirement" select="key('requirement', @requirement)"/>
    <tr>
      <th scope="row" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'requirement'"/></xsl:call-template></th>
      <td>
        <xsl:call-template name="requirement-link"><xsl:with-param name="id" select="@requirement"/></xsl:call-template>
        <xsl:if test="$requirement/@known='true'">
          <xsl:value-of select="concat(' ', $requirement/@doc, ' · ', $requirement/@clause, ' · ', $requirement/@level, ' · ')"/>
          <span class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'confidence'"/></xsl:call-template></span>
          <xsl:text> </xsl:text>
          <xsl:choose><xsl:when test="@confidence != ''"><xsl:value-of select="@confidence"/></xsl:when><xsl:otherwise><xsl:value-of select="$requirement/@confidence"/></xsl:otherwise></xsl:choose>
          <br/>
          <xsl:call-template name="both"><xsl:with-param name="zh" select="$requirement/x:zh"/><xsl:with-param name="en" select="$requirement/x:en"/></xsl:call-template>
        </xsl:if>
      </td>
    </tr>
  </xsl:template>

  <xsl:template match="x:where">
    <tr>
      <th scope="row" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'where'"/></xsl:call-template></th>
      <td>
        <code><xsl:value-of select="@directory"/><xsl:if test="@directory and @file">/</xsl:if><xsl:value-of select="@file"/></code>
        <xsl:if test="@record"><xsl:text> · </xsl:text><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'record'"/></xsl:call-template><code><xsl:value-of select="concat(' ', @record)"/></code></xsl:if>
        <xsl:if test="@tag"><xsl:text> · </xsl:text><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'record-tag'"/></xsl:call-template><code><xsl:value-of select="concat(' ', @tag)"/></code></xsl:if>
        <xsl:if test="@key"><xsl:text> · </xsl:text><xsl:call-template name="say-inline"><xsl:with-param name="id" select="concat('key-', @key-kind)"/></xsl:call-template><code><xsl:value-of select="concat(' ', @key)"/><xsl:if test="@key-name"><xsl:value-of select="concat(' ', @key-name)"/></xsl:if></code></xsl:if>
        <xsl:if test="@pin"><xsl:text> · PIN </xsl:text><code><xsl:value-of select="@pin"/></code></xsl:if>
      </td>
    </tr>
  </xsl:template>

  <xsl:template match="x:tlv">
    <li>
      <code><xsl:value-of select="@tag"/></code>
      <xsl:if test="@zh"><xsl:text> </xsl:text><xsl:call-template name="meaning"/></xsl:if>
      <xsl:value-of select="concat(' (', @len, ') ')"/>
      <xsl:if test="x:value"><span class="hex"><xsl:value-of select="x:value"/></span></xsl:if>
      <xsl:if test="x:value/@text"><xsl:text> “</xsl:text><xsl:value-of select="x:value/@text"/><xsl:text>”</xsl:text></xsl:if>
      <xsl:if test="x:tlv"><ul><xsl:apply-templates select="x:tlv"/></ul></xsl:if>
    </li>
  </xsl:template>

  <xsl:template name="cut">
    <xsl:if test="@of-length"><span class="note">… (<xsl:value-of select="@of-length"/>)</span></xsl:if>
  </xsl:template>

  <!-- What went just before stands open; the rest is folded. -->
  <xsl:template match="x:trace">
    <div class="wide" tabindex="0" role="group" aria-labelledby="f{../@n}-name">
      <table class="trace">
        <xsl:call-template name="caption"><xsl:with-param name="id" select="'exchanges-near'"/></xsl:call-template>
        <xsl:call-template name="trace-head"/>
        <tbody><xsl:apply-templates select="x:line[@near]"/></tbody>
      </table>
    </div>
    <xsl:if test="x:line[not(@near)]">
      <details>
        <summary class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'exchanges-before'"/></xsl:call-template> (<xsl:value-of select="count(x:line[not(@near)])"/>)</summary>
        <xsl:if test="@left-out &gt; 0"><p class="note i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'exchanges-left-out'"/></xsl:call-template><xsl:value-of select="concat(' ', @left-out)"/></p></xsl:if>
        <div class="wide" tabindex="0" role="group" aria-labelledby="f{../@n}-name">
          <table class="trace">
            <xsl:call-template name="caption"><xsl:with-param name="id" select="'exchanges-before'"/><xsl:with-param name="quiet" select="true()"/></xsl:call-template>
            <xsl:call-template name="trace-head"/>
            <tbody><xsl:apply-templates select="x:line[not(@near)]"/></tbody>
          </table>
        </div>
      </details>
    </xsl:if>
  </xsl:template>

  <xsl:template name="trace-head">
    <thead><tr>
      <xsl:call-template name="th"><xsl:with-param name="id" select="'step'"/></xsl:call-template>
      <xsl:call-template name="th"><xsl:with-param name="id" select="'actor'"/></xsl:call-template>
      <xsl:call-template name="th"><xsl:with-param name="id" select="'command'"/></xsl:call-template>
      <xsl:call-template name="th"><xsl:with-param name="id" select="'response'"/></xsl:call-template>
      <xsl:call-template name="th"><xsl:with-param name="id" select="'microseconds'"/><xsl:with-param name="class" select="'n'"/></xsl:call-template>
    </tr></thead>
  </xsl:template>

  <xsl:template match="x:line">
    <tr>
      <xsl:if test="@decided"><xsl:attribute name="class">decided</xsl:attribute></xsl:if>
      <th scope="row">
        <xsl:call-template name="id"><xsl:with-param name="id" select="@step"/></xsl:call-template>
        <xsl:if test="@restore"><span class="note i"><xsl:text> </xsl:text><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'restore'"/></xsl:call-template></span></xsl:if>
        <xsl:if test="@decided"><span class="note i"><xsl:text> ◂ </xsl:text><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'decided'"/></xsl:call-template></span></xsl:if>
      </th>
      <td><xsl:value-of select="@actor"/></td>
      <xsl:choose>
        <xsl:when test="x:command">
          <td class="hex"><xsl:value-of select="x:command"/><xsl:for-each select="x:command"><xsl:call-template name="cut"/></xsl:for-each></td>
          <td>
            <xsl:choose>
              <xsl:when test="x:response">
                <span class="hex"><xsl:value-of select="x:response"/></span>
                <xsl:for-each select="x:response"><xsl:call-template name="cut"/><xsl:if test="@zh"><br/><xsl:call-template name="meaning"/></xsl:if></xsl:for-each>
              </xsl:when>
              <xsl:otherwise><xsl:call-template name="say"><xsl:with-param name="id" select="'no-response'"/></xsl:call-template></xsl:otherwise>
            </xsl:choose>
            <xsl:if test="@fault"><br/><span class="note i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'fault'"/></xsl:call-template><xsl:value-of select="concat(' ', @fault)"/></span></xsl:if>
          </td>
          <td class="n"><xsl:value-of select="@us"/></td>
        </xsl:when>
        <xsl:otherwise><td colspan="3" class="hex"><xsl:value-of select="concat(@kind, ' ')"/><xsl:value-of select="x:note"/><xsl:for-each select="x:note"><xsl:call-template name="cut"/></xsl:for-each></td></xsl:otherwise>
      </xsl:choose>
    </tr>
  </xsl:template>
</xsl:stylesheet>
