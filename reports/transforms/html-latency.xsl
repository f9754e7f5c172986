<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- The latency section, from the <latency-report> that reports/latency makes: decisions, tables of every series, plots
     of some. The plots come as ready SVG. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:r="urn:onecard:result:1"
                xmlns:x="urn:onecard:report:1" xmlns:s="http://www.w3.org/2000/svg" exclude-result-prefixes="r x s">
  <xsl:variable name="latency-text" select="document('latency-texts.xml')/texts/t"/>
  <xsl:variable name="latency" select="/r:result/x:latency-report | /r:result/x:report/x:latency-report"/>

  <xsl:template name="lat">
    <xsl:param name="id"/>
    <span class="zh" lang="zh-CN"><xsl:value-of select="$latency-text[@id=$id]/zh"/></span>
    <span class="en" lang="en"><xsl:value-of select="$latency-text[@id=$id]/en"/></span>
  </xsl:template>

  <xsl:template name="lat-inline">
    <xsl:param name="id"/>
    <span class="zh" lang="zh-CN"><xsl:value-of select="$latency-text[@id=$id]/zh"/></span>
    <xsl:text> </xsl:text>
    <span class="en i" lang="en"><xsl:value-of select="$latency-text[@id=$id]/en"/></span>
  </xsl:template>

  <xsl:template name="lat-th">
    <xsl:param name="id"/>
    <xsl:param name="class"/>
    <th scope="col">
      <xsl:if test="$class != ''"><xsl:attribute name="class"><xsl:value-of select="$class"/></xsl:attribute></xsl:if>
      <xsl:call-template name="lat"><xsl:with-param name="id" select="$id"/></xsl:call-template>
    </th>
  </xsl:template>

  <xsl:template name="lat-bound">
    <xsl:param name="ns"/>
    <xsl:choose>
      <xsl:when test="$ns"><xsl:call-template name="microseconds"><xsl:with-param name="ns" select="$ns"/></xsl:call-template></xsl:when>
      <xsl:otherwise>—</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="latency">
    <xsl:call-template name="heading"><xsl:with-param name="id" select="'latency'"/></xsl:call-template>
    <xsl:choose>
      <xsl:when test="not($latency/x:series)"><p><xsl:call-template name="say"><xsl:with-param name="id" select="'no-latency'"/></xsl:call-template></p></xsl:when>
      <xsl:otherwise>
        <xsl:if test="r:pass[@virtual='true' or @virtual='1']"><p><strong><xsl:call-template name="say"><xsl:with-param name="id" select="'limit-latency'"/></xsl:call-template></strong></p></xsl:if>
        <xsl:apply-templates select="$latency" mode="decisions"/>
        <p class="note"><xsl:call-template name="lat"><xsl:with-param name="id" select="'note'"/></xsl:call-template></p>
        <xsl:apply-templates select="$latency" mode="calibration"/>
        <p class="note"><xsl:call-template name="lat"><xsl:with-param name="id" select="'plot-rule'"/></xsl:call-template></p>
        <xsl:call-template name="lat-kind"><xsl:with-param name="kind" select="'flow'"/></xsl:call-template>
        <xsl:call-template name="lat-kind"><xsl:with-param name="kind" select="'step'"/></xsl:call-template>
        <xsl:call-template name="lat-kind"><xsl:with-param name="kind" select="'function'"/></xsl:call-template>
        <xsl:call-template name="lat-kind"><xsl:with-param name="kind" select="'part'"/></xsl:call-template>
        <xsl:call-template name="lat-kind"><xsl:with-param name="kind" select="'class'"/></xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- Decisions -->
  <xsl:template match="x:latency-report" mode="decisions">
    <h3 id="latency-limits"><xsl:call-template name="lat"><xsl:with-param name="id" select="'limits'"/></xsl:call-template></h3>
    <xsl:if test="not(x:limits/@id)"><p><xsl:call-template name="lat"><xsl:with-param name="id" select="'no-limits'"/></xsl:call-template></p></xsl:if>
    <xsl:if test="x:limits/@id">
      <p class="i"><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="'profile'"/></xsl:call-template><xsl:text>: </xsl:text>
        <code><xsl:value-of select="x:limits/@file"/></code><xsl:text> (</xsl:text><xsl:value-of select="x:limits/@id"/><xsl:text>) SHA-256 </xsl:text><code><xsl:value-of select="x:limits/@sha256"/></code></p>
      <xsl:call-template name="both"><xsl:with-param name="zh" select="x:limits/x:title[@lang='zh']"/><xsl:with-param name="en" select="x:limits/x:title[@lang='en']"/></xsl:call-template>
    </xsl:if>
    <xsl:if test="x:judgement">
      <div class="wide">
        <table>
          <caption class="i"><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="'limits'"/></xsl:call-template></caption>
          <thead><tr>
            <xsl:call-template name="lat-th"><xsl:with-param name="id" select="'limit'"/></xsl:call-template>
            <xsl:call-template name="lat-th"><xsl:with-param name="id" select="'what'"/></xsl:call-template>
            <xsl:call-template name="lat-th"><xsl:with-param name="id" select="'decision'"/></xsl:call-template>
            <xsl:call-template name="lat-th"><xsl:with-param name="id" select="'observed'"/><xsl:with-param name="class" select="'n'"/></xsl:call-template>
            <xsl:call-template name="lat-th"><xsl:with-param name="id" select="'bounds'"/><xsl:with-param name="class" select="'n'"/></xsl:call-template>
            <th scope="col" class="n">U</th>
            <th scope="col" class="n">n</th>
            <xsl:call-template name="lat-th"><xsl:with-param name="id" select="'origin'"/></xsl:call-template>
          </tr></thead>
          <tbody><xsl:for-each select="x:judgement"><xsl:call-template name="lat-judgement-row"/></xsl:for-each></tbody>
        </table>
      </div>
    </xsl:if>
    <xsl:for-each select="x:budgets">
      <p class="i"><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="'budgets'"/></xsl:call-template>
        <xsl:text> </xsl:text><xsl:value-of select="@kept"/><xsl:text> </xsl:text><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="'kept'"/></xsl:call-template>
        <xsl:text>, </xsl:text><xsl:value-of select="@missed"/><xsl:text> </xsl:text><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="'missed'"/></xsl:call-template>
        <xsl:text>, </xsl:text><xsl:value-of select="@open"/><xsl:text> </xsl:text><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="'open'"/></xsl:call-template></p>
    </xsl:for-each>
    <xsl:if test="x:threshold">
      <div class="wide">
        <table>
          <caption class="i"><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="'thresholds'"/></xsl:call-template></caption>
          <thead><tr>
            <xsl:call-template name="lat-th"><xsl:with-param name="id" select="'threshold'"/></xsl:call-template>
            <xsl:call-template name="lat-th"><xsl:with-param name="id" select="'what'"/></xsl:call-template>
            <xsl:call-template name="lat-th"><xsl:with-param name="id" select="'decision'"/></xsl:call-template>
            <xsl:call-template name="lat-th"><xsl:with-param name="id" select="'observed'"/><xsl:with-param name="class" select="'n'"/></xsl:call-template>
            <th scope="col" class="n">n</th>
          </tr></thead>
          <tbody>
            <xsl:for-each select="x:threshold">
              <tr>
                <th scope="row"><code><xsl:value-of select="@text"/></code></th>
                <td><xsl:call-template name="lat-name"/></td>
                <td><xsl:call-template name="lat-holds"/></td>
                <td class="n"><xsl:if test="@value-ns"><xsl:call-template name="microseconds"><xsl:with-param name="ns" select="@value-ns"/></xsl:call-template></xsl:if></td>
                <td class="n"><xsl:value-of select="@n"/></td>
              </tr>
            </xsl:for-each>
          </tbody>
        </table>
      </div>
    </xsl:if>
    <xsl:if test="x:limits/x:rule or x:budgets">
      <details>
        <summary class="i"><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="'rules'"/></xsl:call-template></summary>
        <ul>
          <xsl:for-each select="x:limits/x:rule">
            <li><strong><xsl:value-of select="@id"/></strong><xsl:text> </xsl:text>
              <xsl:call-template name="lat"><xsl:with-param name="id" select="concat('rule-', @kind)"/></xsl:call-template>
              <span class="i"><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="'confidence'"/></xsl:call-template><xsl:value-of select="concat(' ', @confidence, ' %; ')"/>
                <xsl:call-template name="lat-inline"><xsl:with-param name="id" select="'minimum-n'"/></xsl:call-template><xsl:value-of select="concat(' ', @minimum-n, '; ')"/>
                <xsl:call-template name="lat-inline"><xsl:with-param name="id" select="concat('guard-', @guard)"/></xsl:call-template></span></li>
          </xsl:for-each>
          <xsl:if test="x:budgets"><li><xsl:call-template name="lat"><xsl:with-param name="id" select="'rule-budget'"/></xsl:call-template></li></xsl:if>
        </ul>
      </details>
    </xsl:if>
  </xsl:template>

  <xsl:template name="lat-name">
    <xsl:choose>
      <xsl:when test="@name"><xsl:call-template name="id"><xsl:with-param name="id" select="@name"/></xsl:call-template><br/><xsl:call-template name="id"><xsl:with-param name="id" select="@pass"/></xsl:call-template></xsl:when>
      <xsl:otherwise><code><xsl:value-of select="@scope"/></code></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- A decision as sign, words and colour; none of them alone. -->
  <xsl:template name="lat-decision">
    <xsl:variable name="tone">
      <xsl:choose><xsl:when test="@verdict='PASS'">good</xsl:when><xsl:when test="@verdict='FAIL'">bad</xsl:when><xsl:otherwise>warn</xsl:otherwise></xsl:choose>
    </xsl:variable>
    <span class="badge {$tone}">
      <span aria-hidden="true"><xsl:choose><xsl:when test="@verdict='PASS'">✓ </xsl:when><xsl:when test="@verdict='FAIL'">✗ </xsl:when><xsl:otherwise>? </xsl:otherwise></xsl:choose></span>
      <xsl:call-template name="lat-inline"><xsl:with-param name="id" select="@verdict"/></xsl:call-template>
    </span>
    <xsl:if test="@why != 'decided'">
      <xsl:text> </xsl:text><span class="i"><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="concat('why-', @why)"/></xsl:call-template></span>
    </xsl:if>
    <xsl:if test="@more">
      <xsl:text>; </xsl:text><span class="i"><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="'more'"/></xsl:call-template></span><xsl:value-of select="concat(' ', @more)"/>
    </xsl:if>
  </xsl:template>

  <xsl:template name="lat-holds">
    <xsl:variable name="word"><xsl:choose><xsl:when test="@holds='true'">holds</xsl:when><xsl:when test="@name">broken</xsl:when><xsl:otherwise>not-measured</xsl:otherwise></xsl:choose></xsl:variable>
    <xsl:variable name="tone"><xsl:choose><xsl:when test="@holds='true'">good</xsl:when><xsl:otherwise>bad</xsl:otherwise></xsl:choose></xsl:variable>
    <span class="badge {$tone}">
      <span aria-hidden="true"><xsl:choose><xsl:when test="@holds='true'">✓ </xsl:when><xsl:otherwise>✗ </xsl:otherwise></xsl:choose></span>
      <xsl:call-template name="lat-inline"><xsl:with-param name="id" select="$word"/></xsl:call-template>
    </span>
  </xsl:template>

  <xsl:template name="lat-judgement-row">
    <tr>
      <th scope="row"><xsl:value-of select="concat(@limit, ': ', @statistic, ' ≤ ', @value)"/>
        <xsl:if test="x:title"><br/><xsl:call-template name="both"><xsl:with-param name="zh" select="x:title[@lang='zh']"/><xsl:with-param name="en" select="x:title[@lang='en']"/></xsl:call-template></xsl:if></th>
      <td><xsl:call-template name="lat-name"/></td>
      <td><xsl:call-template name="lat-decision"/></td>
      <td class="n"><xsl:if test="@observed-ns"><xsl:call-template name="microseconds"><xsl:with-param name="ns" select="@observed-ns"/></xsl:call-template></xsl:if></td>
      <td class="n"><xsl:if test="@name"><xsl:call-template name="lat-bound"><xsl:with-param name="ns" select="@lower-ns"/></xsl:call-template> – <xsl:call-template name="lat-bound"><xsl:with-param name="ns" select="@upper-ns"/></xsl:call-template></xsl:if></td>
      <td class="n"><xsl:if test="@guard-ns"><xsl:call-template name="microseconds"><xsl:with-param name="ns" select="@guard-ns"/></xsl:call-template></xsl:if></td>
      <td class="n"><xsl:value-of select="@n"/></td>
      <td class="i"><xsl:value-of select="normalize-space(concat(@source, ' ', @clause))"/><xsl:text>; </xsl:text><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="@status"/></xsl:call-template><xsl:text>; </xsl:text>
        <xsl:choose>
          <xsl:when test="@conformity='true'"><strong><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="'conforming'"/></xsl:call-template></strong></xsl:when>
          <xsl:otherwise><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="'informative'"/></xsl:call-template></xsl:otherwise>
        </xsl:choose></td>
    </tr>
  </xsl:template>

  <!-- Calibration -->
  <xsl:template match="x:latency-report" mode="calibration">
    <xsl:for-each select="x:clock">
      <dl class="facts">
        <div><dt><xsl:call-template name="lat"><xsl:with-param name="id" select="'clock'"/></xsl:call-template></dt><dd><xsl:value-of select="@clock"/></dd></div>
        <div><dt><xsl:call-template name="lat"><xsl:with-param name="id" select="'clock-source'"/></xsl:call-template></dt><dd><xsl:value-of select="@clock-source"/></dd></div>
        <xsl:if test="@clock-ppm"><div><dt><xsl:call-template name="lat"><xsl:with-param name="id" select="'clock-ppm'"/></xsl:call-template></dt><dd><xsl:value-of select="concat(@clock-ppm, ' (', format-number(@clock-raw-ns div 1000000000, '#,##0.0'), ' s)')"/></dd></div></xsl:if>
        <xsl:if test="@clock-read-ns"><div><dt><xsl:call-template name="lat"><xsl:with-param name="id" select="'clock-gap'"/></xsl:call-template></dt><dd><xsl:value-of select="concat(@clock-read-ns, ' / ', @clock-gap-ns)"/></dd></div></xsl:if>
        <div><dt><xsl:call-template name="lat"><xsl:with-param name="id" select="'governor'"/></xsl:call-template></dt><dd><xsl:value-of select="@governor"/></dd></div>
        <div><dt><xsl:call-template name="lat"><xsl:with-param name="id" select="'machine'"/></xsl:call-template></dt><dd><xsl:value-of select="concat(@cpu, ' × ', @processors, ', ', @kernel)"/></dd></div>
      </dl>
    </xsl:for-each>
    <xsl:if test="x:null-card">
      <div class="wide">
        <table>
          <caption class="i"><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="'null-card'"/></xsl:call-template></caption>
          <thead><tr>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'pass'"/></xsl:call-template>
            <th scope="col" class="n">n</th><th scope="col" class="n">p50</th><th scope="col" class="n">p99.9</th>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'maximum'"/><xsl:with-param name="class" select="'n'"/></xsl:call-template>
          </tr></thead>
          <tbody>
            <xsl:for-each select="x:null-card">
              <tr>
                <th scope="row"><xsl:call-template name="id"><xsl:with-param name="id" select="@pass"/></xsl:call-template></th>
                <td class="n"><xsl:value-of select="@n"/></td>
                <td class="n"><xsl:call-template name="microseconds"><xsl:with-param name="ns" select="@p50-ns"/></xsl:call-template></td>
                <td class="n"><xsl:call-template name="microseconds"><xsl:with-param name="ns" select="@p999-ns"/></xsl:call-template></td>
                <td class="n"><xsl:call-template name="microseconds"><xsl:with-param name="ns" select="@max-ns"/></xsl:call-template></td>
              </tr>
            </xsl:for-each>
          </tbody>
        </table>
      </div>
      <p class="note"><xsl:call-template name="lat"><xsl:with-param name="id" select="'null-note'"/></xsl:call-template></p>
    </xsl:if>
  </xsl:template>

  <!-- Series -->
  <xsl:template name="lat-kind">
    <xsl:param name="kind"/>
    <xsl:variable name="all" select="$latency/x:series[@kind=$kind]"/>
    <xsl:if test="$all">
      <h3 id="latency-{$kind}"><xsl:call-template name="lat"><xsl:with-param name="id" select="concat('kind-', $kind)"/></xsl:call-template></h3>
      <div class="wide">
        <table>
          <caption class="quiet"><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="concat('kind-', $kind)"/></xsl:call-template></caption>
          <thead><tr>
            <xsl:call-template name="lat-th"><xsl:with-param name="id" select="'series'"/></xsl:call-template>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'pass'"/></xsl:call-template>
            <th scope="col" class="n">n</th>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'minimum'"/><xsl:with-param name="class" select="'n'"/></xsl:call-template>
            <th scope="col" class="n">p50</th><th scope="col" class="n">p90</th><th scope="col" class="n">p95</th><th scope="col" class="n">p99</th>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'maximum'"/><xsl:with-param name="class" select="'n'"/></xsl:call-template>
          </tr></thead>
          <tbody>
            <xsl:for-each select="$all">
              <tr>
                <xsl:if test="not(preceding-sibling::x:series[1][@kind=$kind and @name=current()/@name])">
                  <th scope="rowgroup">
                    <xsl:variable name="rows" select="count(following-sibling::x:series[position() &lt; 100][@kind=$kind and @name=current()/@name]) + 1"/>
                    <xsl:if test="$rows &gt; 1"><xsl:attribute name="rowspan"><xsl:value-of select="$rows"/></xsl:attribute></xsl:if>
                    <xsl:call-template name="id"><xsl:with-param name="id" select="@name"/></xsl:call-template>
                  </th>
                </xsl:if>
                <td><xsl:choose>
                  <xsl:when test="@plotted"><a href="#latency-{@plotted}"><xsl:call-template name="id"><xsl:with-param name="id" select="@pass"/></xsl:call-template></a></xsl:when>
                  <xsl:otherwise><xsl:call-template name="id"><xsl:with-param name="id" select="@pass"/></xsl:call-template></xsl:otherwise>
                </xsl:choose></td>
                <td class="n"><xsl:value-of select="@n"/></td>
                <td class="n"><xsl:call-template name="microseconds"><xsl:with-param name="ns" select="@min-ns"/></xsl:call-template></td>
                <xsl:for-each select="x:q"><td class="n"><xsl:call-template name="lat-quantile"/></td></xsl:for-each>
                <td class="n"><xsl:call-template name="microseconds"><xsl:with-param name="ns" select="@max-ns"/></xsl:call-template></td>
              </tr>
            </xsl:for-each>
          </tbody>
        </table>
      </div>
      <xsl:if test="$all/@plotted and ($kind='flow' or $kind='function')"><p class="note"><xsl:call-template name="lat"><xsl:with-param name="id" select="'waterfall-note'"/></xsl:call-template></p></xsl:if>
      <xsl:apply-templates select="$all[@plotted]" mode="plots"/>
    </xsl:if>
  </xsl:template>

  <xsl:template name="lat-quantile">
    <xsl:call-template name="microseconds"><xsl:with-param name="ns" select="@ns"/></xsl:call-template>
    <xsl:if test="../@n &gt; 1"><br/><small>[<xsl:call-template name="lat-bound"><xsl:with-param name="ns" select="@lower-ns"/></xsl:call-template>, <xsl:call-template name="lat-bound"><xsl:with-param name="ns" select="@upper-ns"/></xsl:call-template>]</small></xsl:if>
  </xsl:template>

  <xsl:template match="x:series" mode="plots">
    <details id="latency-{@plotted}">
      <summary><xsl:call-template name="id"><xsl:with-param name="id" select="@name"/></xsl:call-template><xsl:text> · </xsl:text><xsl:call-template name="id"><xsl:with-param name="id" select="@pass"/></xsl:call-template><xsl:value-of select="concat(' · n = ', @n, ' ')"/>
        <xsl:for-each select="x:judgement[@verdict='FAIL'][1]"><xsl:call-template name="lat-decision"/></xsl:for-each></summary>
      <xsl:for-each select="x:judgement">
        <p><xsl:value-of select="concat(@limit, ': ', @statistic, ' ≤ ', @value, ' (', @rule, ', ', @confidence, ' %, n = ', @n, ') ')"/><xsl:call-template name="lat-decision"/>
          <xsl:text> </xsl:text><span class="i"><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="'observed'"/></xsl:call-template></span><xsl:text> </xsl:text><xsl:call-template name="microseconds"><xsl:with-param name="ns" select="@observed-ns"/></xsl:call-template>
          <xsl:text> [</xsl:text><xsl:call-template name="lat-bound"><xsl:with-param name="ns" select="@lower-ns"/></xsl:call-template>, <xsl:call-template name="lat-bound"><xsl:with-param name="ns" select="@upper-ns"/></xsl:call-template>] µs<xsl:if test="@conformity='false'"><xsl:text> </xsl:text><span class="i"><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="'informative'"/></xsl:call-template></span></xsl:if></p>
      </xsl:for-each>
      <xsl:for-each select="x:threshold"><p><code><xsl:value-of select="@text"/></code><xsl:text> </xsl:text><xsl:call-template name="lat-holds"/><xsl:text> </xsl:text><xsl:call-template name="microseconds"><xsl:with-param name="ns" select="@value-ns"/></xsl:call-template> µs</p></xsl:for-each>
      <xsl:if test="@first-ns"><p class="i"><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="'warm-up'"/></xsl:call-template><xsl:text>: </xsl:text><xsl:call-template name="microseconds"><xsl:with-param name="ns" select="@first-ns"/></xsl:call-template> / <xsl:call-template name="microseconds"><xsl:with-param name="ns" select="@rest-ns"/></xsl:call-template> µs</p></xsl:if>
      <xsl:apply-templates select="x:plot"/>
    </details>
  </xsl:template>

  <!-- HTML needs no namespace to know SVG. -->
  <xsl:template match="s:*" mode="svg">
    <xsl:element name="{local-name()}"><xsl:copy-of select="@*"/><xsl:apply-templates mode="svg"/></xsl:element>
  </xsl:template>

  <xsl:template match="x:plot">
    <figure>
      <figcaption class="i"><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="concat('plot-', @kind)"/></xsl:call-template>
        <xsl:if test="@ns"><xsl:text>: </xsl:text><xsl:call-template name="microseconds"><xsl:with-param name="ns" select="@ns"/></xsl:call-template> µs</xsl:if></figcaption>
      <xsl:apply-templates select="s:svg" mode="svg"/>
      <details>
        <summary class="i"><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="'data'"/></xsl:call-template></summary>
        <table>
          <caption class="quiet"><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="'data'"/></xsl:call-template></caption>
          <thead><tr><xsl:for-each select="x:column"><xsl:call-template name="lat-th"><xsl:with-param name="id" select="concat('col-', @id)"/></xsl:call-template></xsl:for-each></tr></thead>
          <tbody>
            <xsl:for-each select="x:row">
              <tr><th scope="row"><xsl:value-of select="@head"/></th><xsl:for-each select="x:cell"><td class="n"><xsl:call-template name="microseconds"><xsl:with-param name="ns" select="@ns"/></xsl:call-template></td></xsl:for-each></tr>
            </xsl:for-each>
          </tbody>
        </table>
        <xsl:if test="@left"><p class="i"><xsl:value-of select="concat(@left, ' ')"/><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="'left'"/></xsl:call-template></p></xsl:if>
        <xsl:if test="@between-ns"><p class="i"><xsl:call-template name="lat-inline"><xsl:with-param name="id" select="'between'"/></xsl:call-template><xsl:text>: </xsl:text><xsl:call-template name="microseconds"><xsl:with-param name="ns" select="@between-ns"/></xsl:call-template></p></xsl:if>
      </details>
    </figure>
  </xsl:template>
</xsl:stylesheet>
