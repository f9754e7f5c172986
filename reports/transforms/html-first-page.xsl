<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- What every reader looks at first: conclusion, limits, items, counts. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:r="urn:onecard:result:1"
                xmlns:x="urn:onecard:report:1" xmlns:i="urn:onecard:ics:1" exclude-result-prefixes="r x i">
  <xsl:template name="head">
    <header>
      <fieldset class="languages">
        <legend class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'language'"/></xsl:call-template></legend>
        <input type="radio" name="language" id="lang-both" checked="checked"/><label for="lang-both">中文 + <span lang="en">English</span></label>
        <input type="radio" name="language" id="lang-zh"/><label for="lang-zh">中文</label>
        <input type="radio" name="language" id="lang-en"/><label for="lang-en" lang="en">English</label>
      </fieldset>
      <p class="kind i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'kind'"/></xsl:call-template></p>
      <h1><xsl:call-template name="say"><xsl:with-param name="id" select="'title'"/></xsl:call-template></h1>
      <dl class="facts">
        <div><dt class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'report-id'"/></xsl:call-template></dt><dd><code><xsl:value-of select="$report/@id"/></code></dd></div>
        <div>
          <dt class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'tested'"/></xsl:call-template></dt>
          <dd><xsl:value-of select="translate(substring(@started, 1, 19), 'T', ' ')"/> – <xsl:value-of select="concat(substring(@ended, 12, 8), ' (', substring(@ended, 20), ')')"/></dd>
        </div>
        <div><dt class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'tool'"/></xsl:call-template></dt><dd>onecard <xsl:value-of select="@suite-version"/></dd></div>
        <div><dt class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'seed'"/></xsl:call-template></dt><dd><xsl:value-of select="@seed"/></dd></div>
        <div><dt class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'items'"/></xsl:call-template></dt><dd><xsl:call-template name="item-names"/></dd></div>
        <div><dt class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'how-to-verify'"/></xsl:call-template></dt><dd><code>onecard verify <xsl:value-of select="$report/@id"/></code></dd></div>
      </dl>
    </header>
  </xsl:template>

  <!-- Who is under test: the terminal, the back-end, or the cards. -->
  <xsl:template name="item-names">
    <xsl:choose>
      <xsl:when test="$ics"><xsl:value-of select="concat($ics/i:vendor/@name, ' · ', $ics/i:item/@model, ' ', $ics/i:item/@software-version)"/></xsl:when>
      <xsl:when test="r:pass/@terminal != ''"><code><xsl:value-of select="r:pass[@terminal != ''][1]/@terminal"/></code></xsl:when>
      <xsl:when test="r:pass/@host != ''"><code><xsl:value-of select="r:pass[@host != ''][1]/@host"/></code></xsl:when>
      <xsl:otherwise><xsl:for-each select="r:pass[1]"><xsl:call-template name="both"><xsl:with-param name="zh" select="r:title[@lang='zh']"/><xsl:with-param name="en" select="r:title[@lang='en']"/></xsl:call-template></xsl:for-each></xsl:otherwise>
    </xsl:choose>
    <xsl:if test="$pass-count &gt; 1"><span class="note i"><xsl:value-of select="concat(' × ', $pass-count, ' ')"/><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'pass'"/></xsl:call-template></span></xsl:if>
  </xsl:template>

  <xsl:template name="first-page">
    <xsl:call-template name="conclusion"/>
    <xsl:call-template name="basis"/>
    <section class="limits" aria-labelledby="limits">
      <h2 id="limits"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'limits'"/></xsl:call-template></h2>
      <ol>
        <li><xsl:call-template name="say"><xsl:with-param name="id" select="'limit-latency'"/></xsl:call-template></li>
        <li><xsl:call-template name="say"><xsl:with-param name="id" select="'limit-wording'"/></xsl:call-template></li>
        <li><xsl:call-template name="say"><xsl:with-param name="id" select="'limit-certificate'"/></xsl:call-template></li>
      </ol>
    </section>
    <xsl:call-template name="heading"><xsl:with-param name="id" select="'items'"/></xsl:call-template>
    <xsl:call-template name="items"/>
    <xsl:call-template name="counts"/>
  </xsl:template>

  <xsl:template name="conclusion">
    <xsl:variable name="tone">
      <xsl:choose>
        <xsl:when test="$report/@conclusion='conforms' or $report/@conclusion='deviates'">good</xsl:when>
        <xsl:when test="$report/@conclusion='fails'">bad</xsl:when>
        <xsl:otherwise>warn</xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <section class="verdict {$tone}" aria-labelledby="conclusion">
      <h2 id="conclusion"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'conclusion'"/></xsl:call-template></h2>
      <p class="word"><xsl:call-template name="say"><xsl:with-param name="id" select="concat('conclusion-', $report/@conclusion)"/></xsl:call-template></p>
      <p><xsl:call-template name="say"><xsl:with-param name="id" select="concat('explain-', $report/@conclusion)"/></xsl:call-template></p>
      <xsl:if test="@official='true' or @official='1'"><p><xsl:call-template name="say"><xsl:with-param name="id" select="'official-run'"/></xsl:call-template></p></xsl:if>
      <xsl:if test="$strict"><p><xsl:call-template name="say"><xsl:with-param name="id" select="'strict'"/></xsl:call-template></p></xsl:if>
      <xsl:if test="@interrupted='true' or @interrupted='1'"><p><xsl:call-template name="say"><xsl:with-param name="id" select="'interrupted'"/></xsl:call-template></p></xsl:if>
      <xsl:if test="$report/@missing &gt; 0">
        <p class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'missing'"/></xsl:call-template><strong><xsl:value-of select="$report/@missing"/></strong></p>
      </xsl:if>
      <p><xsl:call-template name="say"><xsl:with-param name="id" select="'only-items'"/></xsl:call-template></p>
      <p class="tally i">
        <xsl:call-template name="tally"><xsl:with-param name="id" select="'planned'"/><xsl:with-param name="n" select="@planned"/></xsl:call-template>
        <xsl:text> · </xsl:text>
        <xsl:call-template name="tally"><xsl:with-param name="id" select="'recorded'"/><xsl:with-param name="n" select="$report/@cases"/></xsl:call-template>
        <xsl:for-each select="$verdicts">
          <xsl:variable name="id" select="@id"/>
          <xsl:variable name="n" select="$report/../r:counts/r:count[@verdict=$id]/@n"/>
          <xsl:if test="$n &gt; 0 or $id='PASS' or $id='FAIL'">
            <xsl:text> · </xsl:text>
            <xsl:call-template name="tally"><xsl:with-param name="id" select="$id"/><xsl:with-param name="n" select="$n"/></xsl:call-template>
          </xsl:if>
        </xsl:for-each>
      </p>
    </section>
  </xsl:template>

  <!-- Against what was tested, and how anybody can check this page. -->
  <xsl:template name="basis">
    <table class="basis">
      <xsl:call-template name="caption"><xsl:with-param name="id" select="'basis'"/><xsl:with-param name="quiet" select="true()"/></xsl:call-template>
      <tbody>
        <tr>
          <th scope="row" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'specifications'"/></xsl:call-template></th>
          <td><xsl:for-each select="$report/x:document[@good &gt; 0 or @bad &gt; 0 or @open &gt; 0]"><xsl:if test="position() &gt; 1">, </xsl:if><xsl:value-of select="@doc"/></xsl:for-each></td>
        </tr>
        <tr>
          <th scope="row" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'method'"/></xsl:call-template></th>
          <td>onecard <xsl:value-of select="@suite-version"/> · SHA-256 <span class="hex"><xsl:value-of select="r:vectors/@sha256"/></span></td>
        </tr>
        <tr>
          <th scope="row" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'how-to-verify'"/></xsl:call-template></th>
          <td><xsl:call-template name="say"><xsl:with-param name="id" select="'verify-short'"/></xsl:call-template><br/><code>sha256sum result.xml</code> = <span class="hex"><xsl:value-of select="$report/@sha256"/></span></td>
        </tr>
      </tbody>
    </table>
  </xsl:template>

  <xsl:template name="tally">
    <xsl:param name="id"/>
    <xsl:param name="n"/>
    <xsl:call-template name="say-inline"><xsl:with-param name="id" select="$id"/></xsl:call-template>
    <xsl:text> </xsl:text>
    <strong><xsl:value-of select="$n"/></strong>
  </xsl:template>

  <xsl:template name="items">
    <div class="wide" tabindex="0" role="group" aria-labelledby="items">
      <table>
        <caption class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'items-caption'"/></xsl:call-template></caption>
        <thead><tr>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'pass'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'item'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'card'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'transport'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'profile'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'atr'"/></xsl:call-template>
        </tr></thead>
        <tbody>
          <xsl:for-each select="r:pass">
            <tr>
              <th scope="row"><xsl:call-template name="id"><xsl:with-param name="id" select="@id"/></xsl:call-template></th>
              <td><xsl:call-template name="both"><xsl:with-param name="zh" select="r:title[@lang='zh']"/><xsl:with-param name="en" select="r:title[@lang='en']"/></xsl:call-template></td>
              <td>
                <xsl:choose>
                  <xsl:when test="@virtual='true' or @virtual='1'"><xsl:call-template name="say"><xsl:with-param name="id" select="'virtual-card'"/></xsl:call-template></xsl:when>
                  <xsl:otherwise><xsl:call-template name="say"><xsl:with-param name="id" select="'real-card'"/></xsl:call-template></xsl:otherwise>
                </xsl:choose>
                <xsl:if test="@card != '' and @card != 'virtual'"><code><xsl:value-of select="@card"/></code></xsl:if>
                <xsl:if test="@terminal != ''">
                  <br/><xsl:call-template name="say"><xsl:with-param name="id" select="'tested-terminal'"/></xsl:call-template><xsl:text> </xsl:text><code><xsl:value-of select="@terminal"/></code>
                  <xsl:if test="@terminal-sha256 != ''"><br/><span class="hex">SHA-256 <xsl:value-of select="@terminal-sha256"/></span></xsl:if>
                </xsl:if>
                <xsl:if test="@host != ''"><br/><xsl:call-template name="say"><xsl:with-param name="id" select="'tested-host'"/></xsl:call-template><xsl:text> </xsl:text><code><xsl:value-of select="@host"/></code></xsl:if>
              </td>
              <td><xsl:call-template name="id"><xsl:with-param name="id" select="@transport"/></xsl:call-template></td>
              <td><xsl:call-template name="id"><xsl:with-param name="id" select="@profile"/></xsl:call-template></td>
              <td class="hex">
                <xsl:choose>
                  <xsl:when test="@atr != ''"><xsl:value-of select="@atr"/></xsl:when>
                  <xsl:otherwise><xsl:call-template name="say"><xsl:with-param name="id" select="'no-response'"/></xsl:call-template></xsl:otherwise>
                </xsl:choose>
              </td>
            </tr>
          </xsl:for-each>
        </tbody>
      </table>
    </div>
  </xsl:template>

  <xsl:template name="counts">
    <div class="wide" tabindex="0" role="group" aria-labelledby="items">
      <table>
        <xsl:call-template name="caption"><xsl:with-param name="id" select="'counts-caption'"/></xsl:call-template>
        <xsl:call-template name="verdict-head"><xsl:with-param name="first" select="'pass'"/></xsl:call-template>
        <tbody>
          <xsl:for-each select="$report/x:pass">
            <tr>
              <th scope="row"><xsl:call-template name="id"><xsl:with-param name="id" select="@id"/></xsl:call-template></th>
              <xsl:call-template name="verdict-cells"/>
            </tr>
          </xsl:for-each>
          <xsl:if test="$pass-count &gt; 1">
            <xsl:variable name="counts" select="r:counts"/>
            <tr>
              <th scope="row" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'all'"/></xsl:call-template></th>
              <xsl:for-each select="$verdicts">
                <xsl:variable name="verdict" select="@id"/>
                <xsl:call-template name="count-cell"><xsl:with-param name="n" select="$counts/r:count[@verdict=$verdict]/@n"/></xsl:call-template>
              </xsl:for-each>
              <td class="n"><strong><xsl:value-of select="$report/@cases"/></strong></td>
            </tr>
          </xsl:if>
        </tbody>
      </table>
    </div>
  </xsl:template>

  <xsl:template name="verdict-head">
    <xsl:param name="first"/>
    <thead><tr>
      <xsl:call-template name="th"><xsl:with-param name="id" select="$first"/></xsl:call-template>
      <xsl:for-each select="$verdicts"><xsl:call-template name="th"><xsl:with-param name="id" select="string(@id)"/><xsl:with-param name="class" select="'n'"/></xsl:call-template></xsl:for-each>
      <xsl:call-template name="th"><xsl:with-param name="id" select="'all'"/><xsl:with-param name="class" select="'n'"/></xsl:call-template>
    </tr></thead>
  </xsl:template>

  <xsl:template name="verdict-cells">
    <xsl:variable name="of" select="."/>
    <xsl:for-each select="$verdicts">
      <xsl:variable name="verdict" select="string(@id)"/>
      <xsl:call-template name="count-cell"><xsl:with-param name="n" select="$of/@*[name()=$verdict]"/></xsl:call-template>
    </xsl:for-each>
    <td class="n"><strong><xsl:value-of select="@n"/></strong></td>
  </xsl:template>

  <!-- An absent number is none. -->
  <xsl:template name="count-cell">
    <xsl:param name="n"/>
    <xsl:choose>
      <xsl:when test="$n &gt; 0"><td class="n"><xsl:value-of select="$n"/></td></xsl:when>
      <xsl:otherwise><td class="n zero">0</td></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="contents">
    <nav aria-labelledby="contents">
      <xsl:call-template name="heading"><xsl:with-param name="id" select="'contents'"/></xsl:call-template>
      <ol>
        <xsl:for-each select="$t[@contents]">
          <li class="i"><a href="#{@id}"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="string(@id)"/></xsl:call-template></a></li>
        </xsl:for-each>
      </ol>
    </nav>
  </xsl:template>
</xsl:stylesheet>
