<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- One HTML file from one record: nothing is fetched, readable without script and without style. Chinese stands first
     with English beneath; a reader may choose one of them. The input is the tree of reports/html/page.h. The parts of the
     page are in the files included here. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:r="urn:onecard:result:1"
                xmlns:x="urn:onecard:report:1" exclude-result-prefixes="r x">
  <xsl:include href="html-common.xsl"/>
  <xsl:include href="html-first-page.xsl"/>
  <xsl:include href="html-tools.xsl"/>
  <xsl:include href="html-clauses.xsl"/>
  <xsl:include href="html-findings.xsl"/>
  <xsl:include href="html-finding.xsl"/>
  <xsl:include href="html-links.xsl"/>
  <xsl:include href="html-requirements.xsl"/>
  <xsl:include href="html-packs.xsl"/>
  <xsl:include href="html-latency.xsl"/>
  <xsl:include href="html-compare.xsl"/>
  <xsl:include href="html-cases.xsl"/>
  <xsl:include href="html-conditions.xsl"/>
  <xsl:include href="html-closing.xsl"/>
  <xsl:output method="html" encoding="UTF-8" indent="no" doctype-system="about:legacy-compat"/>

  <xsl:template match="/r:result">
    <html lang="zh-CN">
      <head>
        <meta charset="UTF-8"/>
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src '{$report/x:script/@digest}'; base-uri 'none'; form-action 'none'"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        <meta name="referrer" content="no-referrer"/>
        <title>
          <xsl:call-template name="word"><xsl:with-param name="id" select="'title'"/><xsl:with-param name="lang" select="'zh'"/></xsl:call-template>
          <xsl:text> · </xsl:text>
          <xsl:call-template name="word"><xsl:with-param name="id" select="'title'"/><xsl:with-param name="lang" select="'en'"/></xsl:call-template>
          <xsl:value-of select="concat(' · ', $report/@id)"/>
        </title>
        <style><xsl:value-of select="document('style.xml')/style"/></style>
        <style>
          <!-- The id of a run has letters, digits and hyphens only; what else stands there is no id for a style sheet. -->
          <xsl:text>@page { size: A4; margin: 16mm 13mm 18mm; @bottom-left { content: "</xsl:text>
          <xsl:value-of select="$plain-id"/>
          <xsl:text>"; font-size: 8pt; } @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt; } }</xsl:text>
        </style>
      </head>
      <body>
        <a class="skip" href="#content"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'skip'"/></xsl:call-template></a>
        <xsl:call-template name="head"/>
        <main id="content">
          <xsl:call-template name="first-page"/>
          <xsl:call-template name="contents"/>
          <xsl:call-template name="tools"/>
          <xsl:call-template name="clauses"/>
          <xsl:call-template name="packs"/>
          <xsl:call-template name="findings"/>
          <xsl:call-template name="links"/>
          <xsl:call-template name="requirements"/>
          <xsl:call-template name="left-out"/>
          <xsl:call-template name="comparison"/>
          <xsl:call-template name="latency"/>
          <xsl:call-template name="cases"/>
          <xsl:call-template name="conditions"/>
          <xsl:call-template name="closing"/>
        </main>
        <footer class="end"><p>—— <xsl:call-template name="say-inline"><xsl:with-param name="id" select="'end'"/></xsl:call-template> · <xsl:value-of select="$report/@id"/> ——</p></footer>
        <script><xsl:value-of select="$report/x:script"/></script>
      </body>
    </html>
  </xsl:template>
</xsl:stylesheet>
