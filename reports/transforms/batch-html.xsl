<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- The batch sheet as one HTML file: nothing is fetched, no script. Chinese stands first with English beneath. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:b="urn:onecard:batch:1"
                exclude-result-prefixes="b">
  <xsl:output method="html" encoding="UTF-8" indent="no" doctype-system="about:legacy-compat"/>
  <xsl:variable name="t" select="document('batch-texts.xml')/texts/t"/>

  <xsl:template name="say">
    <xsl:param name="id"/>
    <span class="zh" lang="zh-CN"><xsl:value-of select="$t[@id=$id]/zh"/></span>
    <xsl:text> </xsl:text>
    <span class="en" lang="en"><xsl:value-of select="$t[@id=$id]/en"/></span>
  </xsl:template>

  <xsl:template name="say-inline">
    <xsl:param name="id"/>
    <span class="zh" lang="zh-CN"><xsl:value-of select="$t[@id=$id]/zh"/></span>
    <xsl:text> </xsl:text>
    <span class="en i" lang="en"><xsl:value-of select="$t[@id=$id]/en"/></span>
  </xsl:template>

  <xsl:template name="both">
    <xsl:param name="of"/>
    <span class="zh" lang="zh-CN"><xsl:value-of select="$of[@lang='zh']"/></span>
    <xsl:text> </xsl:text>
    <span class="en" lang="en"><xsl:value-of select="$of[@lang='en']"/></span>
  </xsl:template>

  <xsl:template name="heading">
    <xsl:param name="id"/>
    <h2 class="i" id="{$id}"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="$id"/></xsl:call-template></h2>
  </xsl:template>

  <xsl:template name="fact">
    <xsl:param name="id"/>
    <xsl:param name="value"/>
    <xsl:if test="$value != ''">
      <div><dt class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="$id"/></xsl:call-template></dt><dd><xsl:value-of select="$value"/></dd></div>
    </xsl:if>
  </xsl:template>

  <xsl:template name="sentence">
    <xsl:param name="id"/>
    <li><xsl:call-template name="say"><xsl:with-param name="id" select="$id"/></xsl:call-template></li>
  </xsl:template>

  <xsl:template name="th">
    <xsl:param name="id"/>
    <th scope="col" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="$id"/></xsl:call-template></th>
  </xsl:template>

  <xsl:template match="/b:batch">
    <html lang="zh-CN">
      <head>
        <meta charset="UTF-8"/>
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"/>
        <meta name="viewport" content="width=device-width, initial-scale=1"/>
        <meta name="color-scheme" content="light dark"/>
        <meta name="referrer" content="no-referrer"/>
        <title><xsl:value-of select="concat($t[@id='title']/zh, ' · ', $t[@id='title']/en, ' · ', @name)"/></title>
        <style><xsl:value-of select="document('style.xml')/style"/></style>
        <style>@page { size: A4; margin: 16mm 13mm 18mm; @bottom-right { content: counter(page) " / " counter(pages); font-size: 8pt; } }</style>
      </head>
      <body>
        <span class="switch switch-name"><xsl:value-of select="concat($t[@id='language']/zh, ' ')"/><span lang="en"><xsl:value-of select="$t[@id='language']/en"/></span></span>
        <input type="radio" name="language" id="lang-both" checked="checked"/><label class="switch" for="lang-both">中文 + <span lang="en">English</span></label>
        <input type="radio" name="language" id="lang-zh"/><label class="switch" for="lang-zh">中文</label>
        <input type="radio" name="language" id="lang-en"/><label class="switch" for="lang-en" lang="en">English</label>
        <div class="page">
          <header>
            <p class="kind i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'kind'"/></xsl:call-template></p>
            <h1><xsl:call-template name="say"><xsl:with-param name="id" select="'title'"/></xsl:call-template></h1>
            <dl class="facts">
              <xsl:call-template name="fact"><xsl:with-param name="id" select="'batch'"/><xsl:with-param name="value" select="@name"/></xsl:call-template>
              <div><dt class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'order'"/></xsl:call-template></dt><dd><xsl:value-of select="@order"/><br/><code>SHA-256 <xsl:value-of select="@order-sha256"/></code></dd></div>
              <xsl:call-template name="fact"><xsl:with-param name="id" select="'profile'"/><xsl:with-param name="value" select="@profile"/></xsl:call-template>
              <xsl:call-template name="fact"><xsl:with-param name="id" select="'tested'"/><xsl:with-param name="value" select="concat(@started, ' – ', @ended)"/></xsl:call-template>
              <xsl:call-template name="fact"><xsl:with-param name="id" select="'tool'"/><xsl:with-param name="value" select="concat('onecard ', @suite-version)"/></xsl:call-template>
              <xsl:call-template name="fact"><xsl:with-param name="id" select="'seed'"/><xsl:with-param name="value" select="@seed"/></xsl:call-template>
            </dl>
          </header>
          <main>
            <xsl:call-template name="lot"/>
            <xsl:call-template name="limits"/>
            <xsl:call-template name="heading"><xsl:with-param name="id" select="'plan'"/></xsl:call-template>
            <xsl:apply-templates select="b:plan"/>
            <xsl:call-template name="missing"/>
            <xsl:call-template name="cards"/>
            <xsl:call-template name="items"/>
            <p class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'signature'"/></xsl:call-template>: ______________________________</p>
          </main>
        </div>
      </body>
    </html>
  </xsl:template>

  <xsl:template name="lot">
    <xsl:variable name="tone">
      <xsl:choose>
        <xsl:when test="@lot='accepted'">good</xsl:when>
        <xsl:when test="@lot='rejected'">bad</xsl:when>
        <xsl:otherwise>warn</xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <section class="verdict {$tone}" aria-labelledby="lot">
      <h2 id="lot"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'lot'"/></xsl:call-template></h2>
      <p class="word"><xsl:call-template name="say"><xsl:with-param name="id" select="concat('lot-', @lot)"/></xsl:call-template></p>
      <xsl:if test="@interrupted='true'"><p><xsl:call-template name="say"><xsl:with-param name="id" select="'interrupted'"/></xsl:call-template></p></xsl:if>
      <xsl:if test="@strict='true'"><p><xsl:call-template name="say"><xsl:with-param name="id" select="'strict'"/></xsl:call-template></p></xsl:if>
      <dl class="facts">
        <xsl:call-template name="fact"><xsl:with-param name="id" select="'presented'"/><xsl:with-param name="value" select="@cards"/></xsl:call-template>
        <xsl:call-template name="fact"><xsl:with-param name="id" select="'foreign'"/><xsl:with-param name="value" select="@foreign"/></xsl:call-template>
        <xsl:call-template name="fact"><xsl:with-param name="id" select="'seen'"/><xsl:with-param name="value" select="concat(@sample-seen, ' / ', b:plan/@size)"/></xsl:call-template>
        <xsl:call-template name="fact"><xsl:with-param name="id" select="'nonconforming'"/><xsl:with-param name="value" select="concat(@nonconforming, '  (Ac ', b:plan/@accept, ', Re ', b:plan/@reject, ')')"/></xsl:call-template>
      </dl>
    </section>
  </xsl:template>

  <xsl:template name="numbers">
    <xsl:param name="of"/>
    <strong><xsl:for-each select="$of"><xsl:value-of select="@number"/><xsl:if test="position() != last()">, </xsl:if></xsl:for-each></strong>
  </xsl:template>

  <xsl:template name="limits">
    <section class="limits" aria-labelledby="limits">
      <h2 id="limits"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'limits'"/></xsl:call-template></h2>
      <ol>
        <xsl:call-template name="sentence"><xsl:with-param name="id" select="'limit-wording'"/></xsl:call-template>
        <xsl:call-template name="sentence"><xsl:with-param name="id" select="'limit-certificate'"/></xsl:call-template>
        <xsl:variable name="open" select="b:item[@passed + @failed + @deviating = 0]"/>
        <xsl:if test="$open">
          <li><xsl:call-template name="say"><xsl:with-param name="id" select="'limit-left'"/></xsl:call-template><xsl:call-template name="numbers"><xsl:with-param name="of" select="$open"/></xsl:call-template></li>
        </xsl:if>
        <xsl:variable name="part" select="b:item[@passed + @failed + @deviating &gt; 0 and b:left]"/>
        <xsl:if test="$part">
          <li><xsl:call-template name="say"><xsl:with-param name="id" select="'limit-part'"/></xsl:call-template><xsl:call-template name="numbers"><xsl:with-param name="of" select="$part"/></xsl:call-template></li>
        </xsl:if>
        <xsl:call-template name="sentence"><xsl:with-param name="id" select="'limit-physical'"/></xsl:call-template>
        <xsl:call-template name="sentence"><xsl:with-param name="id" select="'limit-sm4'"/></xsl:call-template>
        <xsl:call-template name="sentence"><xsl:with-param name="id" select="'limit-exit'"/></xsl:call-template>
      </ol>
    </section>
  </xsl:template>

  <xsl:template match="b:plan">
    <p><xsl:call-template name="say"><xsl:with-param name="id" select="concat('plan-', @by)"/></xsl:call-template></p>
    <dl class="facts">
      <xsl:call-template name="fact"><xsl:with-param name="id" select="'lot-size'"/><xsl:with-param name="value" select="@lot"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="id" select="'code'"/><xsl:with-param name="value" select="@code"/></xsl:call-template>
      <xsl:if test="@code != @plan-code"><xsl:call-template name="fact"><xsl:with-param name="id" select="'plan-code'"/><xsl:with-param name="value" select="@plan-code"/></xsl:call-template></xsl:if>
      <xsl:call-template name="fact"><xsl:with-param name="id" select="'limit'"/><xsl:with-param name="value" select="@limit"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="id" select="'size'"/><xsl:with-param name="value" select="@size"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="id" select="'accept'"/><xsl:with-param name="value" select="@accept"/></xsl:call-template>
      <xsl:call-template name="fact"><xsl:with-param name="id" select="'reject'"/><xsl:with-param name="value" select="@reject"/></xsl:call-template>
    </dl>
    <xsl:if test="@size &lt; @lot">
      <p class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'drawn'"/></xsl:call-template><xsl:text>: </xsl:text>
        <xsl:for-each select="../b:drawn"><xsl:value-of select="@line"/><xsl:if test="position() != last()">, </xsl:if></xsl:for-each></p>
    </xsl:if>
  </xsl:template>

  <xsl:template name="missing">
    <xsl:call-template name="heading"><xsl:with-param name="id" select="'missing'"/></xsl:call-template>
    <xsl:choose>
      <xsl:when test="b:drawn[@seen='false']">
        <ul><xsl:for-each select="b:drawn[@seen='false']"><li class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'line'"/></xsl:call-template><xsl:value-of select="concat(' ', @line, ' ')"/><code><xsl:value-of select="@label"/></code></li></xsl:for-each></ul>
      </xsl:when>
      <xsl:otherwise><p><xsl:call-template name="say"><xsl:with-param name="id" select="'none'"/></xsl:call-template></p></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="cards">
    <xsl:call-template name="heading"><xsl:with-param name="id" select="'cards'"/></xsl:call-template>
    <p><xsl:call-template name="say"><xsl:with-param name="id" select="concat('labels-', @labels)"/></xsl:call-template></p>
    <div class="wide">
      <table>
        <thead><tr>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'card'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'label'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'line'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'in-sample'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'verdict'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'passed'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'failed'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'deviating'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'undecided'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'left'"/></xsl:call-template>
        </tr></thead>
        <tbody><xsl:apply-templates select="b:card"/></tbody>
      </table>
    </div>
    <xsl:call-template name="heading"><xsl:with-param name="id" select="'findings'"/></xsl:call-template>
    <xsl:variable name="told" select="b:card/b:finding[@verdict != 'NOT_RUN']"/>
    <xsl:if test="not($told)"><p><xsl:call-template name="say"><xsl:with-param name="id" select="'no-findings'"/></xsl:call-template></p></xsl:if>
    <xsl:for-each select="b:card[b:finding[@verdict != 'NOT_RUN']]">
      <h3 id="card-{@number}"><xsl:value-of select="@number"/><xsl:text>  </xsl:text><code><xsl:value-of select="@label"/></code></h3>
      <ul>
        <xsl:for-each select="b:finding[@verdict != 'NOT_RUN']">
          <li>
            <strong class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="@verdict"/></xsl:call-template></strong>
            <xsl:text> </xsl:text><code><xsl:value-of select="@id"/></code><xsl:text> </xsl:text>
            <xsl:call-template name="both"><xsl:with-param name="of" select="b:title"/></xsl:call-template>
            <p lang="en"><xsl:value-of select="b:reason"/></p>
            <xsl:if test="b:expected or b:received">
              <p class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'expected'"/></xsl:call-template><xsl:text> </xsl:text><code><xsl:value-of select="b:expected"/></code><xsl:text>, </xsl:text>
                <xsl:call-template name="say-inline"><xsl:with-param name="id" select="'received'"/></xsl:call-template><xsl:text> </xsl:text><code><xsl:value-of select="b:received"/></code></p>
            </xsl:if>
          </li>
        </xsl:for-each>
      </ul>
    </xsl:for-each>
  </xsl:template>

  <xsl:template match="b:card">
    <xsl:variable name="word">
      <xsl:choose>
        <xsl:when test="@nonconforming='true'">fails</xsl:when>
        <xsl:when test="@verdict='PASS'">conforms</xsl:when>
        <xsl:when test="@verdict='DEVIATION'">deviates</xsl:when>
        <xsl:otherwise>open</xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <tr>
      <th scope="row"><xsl:value-of select="@number"/></th>
      <td><code><xsl:value-of select="@label"/></code></td>
      <td><xsl:choose>
        <xsl:when test="@line"><xsl:value-of select="@line"/></xsl:when>
        <xsl:otherwise><xsl:call-template name="say"><xsl:with-param name="id" select="'not-ordered'"/></xsl:call-template></xsl:otherwise>
      </xsl:choose></td>
      <td><xsl:choose>
        <xsl:when test="@drawn='true'"><xsl:call-template name="say"><xsl:with-param name="id" select="'yes'"/></xsl:call-template></xsl:when>
        <xsl:otherwise><xsl:call-template name="say"><xsl:with-param name="id" select="'no'"/></xsl:call-template></xsl:otherwise>
      </xsl:choose></td>
      <td><xsl:call-template name="say"><xsl:with-param name="id" select="string($word)"/></xsl:call-template></td>
      <td><xsl:value-of select="@passed"/></td><td><xsl:value-of select="@failed"/></td><td><xsl:value-of select="@deviating"/></td>
      <td><xsl:value-of select="@undecided"/></td><td><xsl:value-of select="@left"/></td>
    </tr>
  </xsl:template>

  <xsl:template name="items">
    <xsl:call-template name="heading"><xsl:with-param name="id" select="'items'"/></xsl:call-template>
    <div class="wide">
      <table>
        <thead><tr>
          <th scope="col">#</th>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'item'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'passed'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'failed'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'deviating'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'left'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'remark'"/></xsl:call-template>
        </tr></thead>
        <tbody>
          <xsl:for-each select="b:item">
            <tr>
              <th scope="row"><xsl:value-of select="@number"/></th>
              <td><xsl:call-template name="both"><xsl:with-param name="of" select="b:title"/></xsl:call-template></td>
              <td><xsl:value-of select="@passed"/></td><td><xsl:value-of select="@failed"/></td>
              <td><xsl:value-of select="@deviating"/></td><td><xsl:value-of select="@open"/></td>
              <td><xsl:if test="b:left"><xsl:call-template name="both"><xsl:with-param name="of" select="b:left"/></xsl:call-template></xsl:if></td>
            </tr>
          </xsl:for-each>
        </tbody>
      </table>
    </div>
  </xsl:template>
</xsl:stylesheet>
