<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- Every failure, deviation, error and open verdict with its evidence; then where the links differ. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:r="urn:onecard:result:1"
                xmlns:x="urn:onecard:report:1" exclude-result-prefixes="r x">
  <!-- Past this many findings the traces are folded, so that the page stays a page. -->
  <xsl:variable name="open-findings" select="40"/>

  <xsl:template name="findings">
    <xsl:variable name="all" select="(key('by-verdict', 'FAIL') | key('by-verdict', 'DEVIATION') | key('by-verdict', 'ERROR') | key('by-verdict', 'INCONCLUSIVE'))[count(. | key('same-finding', concat(@id, '|', @verdict, '|', r:reason, '|', r:evidence/r:expected, '|', r:evidence/r:received))[1]) = 1]"/>
    <xsl:call-template name="heading"><xsl:with-param name="id" select="'findings'"/></xsl:call-template>
    <xsl:choose>
      <xsl:when test="not($all)"><p><xsl:call-template name="say"><xsl:with-param name="id" select="'no-findings'"/></xsl:call-template></p></xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="findings-table"><xsl:with-param name="all" select="$all"/></xsl:call-template>
        <xsl:for-each select="$all">
          <xsl:sort select="string-length(substring-before(' FAIL DEVIATION ERROR INCONCLUSIVE ', concat(' ', @verdict, ' ')))" data-type="number"/>
          <xsl:sort select="@n" data-type="number"/>
          <xsl:call-template name="finding"><xsl:with-param name="open" select="count($all) &lt;= $open-findings and @verdict != 'INCONCLUSIVE'"/></xsl:call-template>
        </xsl:for-each>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="findings-table">
    <xsl:param name="all"/>
    <div class="wide">
      <table>
        <caption class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'findings-caption'"/></xsl:call-template></caption>
        <thead><tr>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'verdict'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'case'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'pass'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'reason'"/></xsl:call-template>
        </tr></thead>
        <tbody>
          <xsl:for-each select="$all">
            <xsl:sort select="string-length(substring-before(' FAIL DEVIATION ERROR INCONCLUSIVE ', concat(' ', @verdict, ' ')))" data-type="number"/>
            <xsl:sort select="@n" data-type="number"/>
            <tr>
              <td><xsl:call-template name="badge"/></td>
              <td><xsl:call-template name="case-link"/></td>
              <td><xsl:call-template name="passes"/></td>
              <td><xsl:value-of select="r:reason"/></td>
            </tr>
          </xsl:for-each>
        </tbody>
      </table>
    </div>
  </xsl:template>

  <xsl:template name="finding">
    <xsl:param name="open"/>
    <xsl:variable name="tone"><xsl:call-template name="tone"><xsl:with-param name="verdict" select="@verdict"/></xsl:call-template></xsl:variable>
    <article class="finding {$tone}" id="finding-{@n}">
      <h3>
        <xsl:call-template name="badge"/><xsl:call-template name="id"><xsl:with-param name="id" select="@id"/></xsl:call-template>
        <span class="title"><xsl:call-template name="both"><xsl:with-param name="zh" select="r:title[@lang='zh']"/><xsl:with-param name="en" select="r:title[@lang='en']"/></xsl:call-template></span>
      </h3>
      <table>
        <tbody>
          <tr><th scope="row" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'reason'"/></xsl:call-template></th><td><xsl:value-of select="r:reason"/></td></tr>
          <xsl:apply-templates select="r:evidence"/>
          <tr><th scope="row" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'pass'"/></xsl:call-template></th><td><xsl:call-template name="passes"/></td></tr>
          <xsl:call-template name="row"><xsl:with-param name="id" select="'twin'"/><xsl:with-param name="value" select="@twin"/></xsl:call-template>
          <xsl:call-template name="row"><xsl:with-param name="id" select="'because'"/><xsl:with-param name="value" select="@because"/></xsl:call-template>
          <xsl:call-template name="row"><xsl:with-param name="id" select="'official'"/><xsl:with-param name="value" select="@official"/></xsl:call-template>
          <tr>
            <th scope="row" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'vector'"/></xsl:call-template></th>
            <td class="i"><code><xsl:value-of select="@file"/></code><xsl:text>, </xsl:text><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'line'"/></xsl:call-template><xsl:text> </xsl:text><xsl:value-of select="@line"/></td>
          </tr>
          <tr><th scope="row" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'rerun'"/></xsl:call-template></th><td><xsl:call-template name="rerun"/></td></tr>
        </tbody>
      </table>
      <xsl:if test="r:step">
        <details>
          <xsl:if test="$open"><xsl:attribute name="open">open</xsl:attribute></xsl:if>
          <summary class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'exchanges'"/></xsl:call-template></summary>
          <xsl:call-template name="exchanges"/>
        </details>
      </xsl:if>
    </article>
  </xsl:template>

  <!-- Every pass that shows the same finding. -->
  <xsl:template name="passes">
    <xsl:for-each select="key('same-finding', concat(@id, '|', @verdict, '|', r:reason, '|', r:evidence/r:expected, '|', r:evidence/r:received))">
      <xsl:if test="position() &gt; 1"><br/></xsl:if>
      <xsl:call-template name="id"><xsl:with-param name="id" select="@pass"/></xsl:call-template>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="row">
    <xsl:param name="id"/>
    <xsl:param name="value"/>
    <xsl:if test="$value != ''">
      <tr><th scope="row" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="$id"/></xsl:call-template></th><td><code><xsl:value-of select="$value"/></code></td></tr>
    </xsl:if>
  </xsl:template>

  <xsl:template name="rerun">
    <xsl:variable name="pass" select="key('pass', @pass)"/>
    <code>
      <xsl:text>onecard run</xsl:text>
      <xsl:if test="$pass/@card != '' and $pass/@card != 'virtual'"><xsl:value-of select="concat(' --card ', $pass/@card)"/></xsl:if>
      <xsl:if test="$pass/@terminal != ''"><xsl:value-of select="concat(' --terminal ', $pass/@terminal)"/></xsl:if>
      <xsl:if test="$pass/@host != ''"><xsl:value-of select="concat(' --host ', $pass/@host)"/></xsl:if>
      <xsl:if test="$pass/@profile-path != ''"><xsl:value-of select="concat(' --profile ', $pass/@profile-path)"/></xsl:if>
      <xsl:if test="$pass/@transport = 'inproc' or $pass/@transport = 'pcsc'"><xsl:value-of select="concat(' --via ', $pass/@transport)"/></xsl:if>
      <xsl:value-of select='concat(" --seed ", /r:result/@seed, " -k &apos;^", @id, "$&apos; vectors")'/>
    </code>
  </xsl:template>

  <xsl:template match="r:evidence">
    <xsl:if test="@step != ''">
      <tr><th scope="row" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'step'"/></xsl:call-template></th><td><code><xsl:value-of select="@step"/></code><xsl:if test="@what != ''"><xsl:text>: </xsl:text><code><xsl:value-of select="@what"/></code></xsl:if></td></tr>
    </xsl:if>
    <xsl:if test="r:expected">
      <tr><th scope="row" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'expected'"/></xsl:call-template></th><td><xsl:call-template name="marked"><xsl:with-param name="marked" select="x:expected"/><xsl:with-param name="plain" select="r:expected"/></xsl:call-template></td></tr>
    </xsl:if>
    <xsl:if test="r:received">
      <tr><th scope="row" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'received'"/></xsl:call-template></th><td><xsl:call-template name="marked"><xsl:with-param name="marked" select="x:received"/><xsl:with-param name="plain" select="r:received"/></xsl:call-template></td></tr>
    </xsl:if>
    <xsl:if test="@first-difference and @what != 'sw'">
      <xsl:call-template name="row"><xsl:with-param name="id" select="'difference-at'"/><xsl:with-param name="value" select="@first-difference"/></xsl:call-template>
    </xsl:if>
    <xsl:if test="@requirement != ''">
      <xsl:variable name="requirement" select="key('requirement', @requirement)"/>
      <tr>
        <th scope="row" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'requirement'"/></xsl:call-template></th>
        <td>
          <a href="#requirement-{count($requirement/preceding-sibling::x:requirement)}"><code><xsl:value-of select="@requirement"/></code></a>
          <xsl:if test="$requirement/@known='true'">
            <xsl:value-of select="concat(' (', $requirement/@level, ', ', $requirement/@doc, ') ')"/>
            <xsl:call-template name="confidence"><xsl:with-param name="level"><xsl:choose><xsl:when test="@confidence != ''"><xsl:value-of select="@confidence"/></xsl:when><xsl:otherwise><xsl:value-of select="$requirement/@confidence"/></xsl:otherwise></xsl:choose></xsl:with-param></xsl:call-template>
            <br/>
            <xsl:call-template name="both"><xsl:with-param name="zh" select="$requirement/x:zh"/><xsl:with-param name="en" select="$requirement/x:en"/></xsl:call-template>
          </xsl:if>
        </td>
      </tr>
    </xsl:if>
  </xsl:template>

  <xsl:template name="confidence">
    <xsl:param name="level"/>
    <span class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'confidence'"/></xsl:call-template></span>
    <xsl:value-of select="concat(' ', $level)"/>
  </xsl:template>

  <xsl:template name="marked">
    <xsl:param name="marked"/>
    <xsl:param name="plain"/>
    <span class="hex">
      <xsl:choose>
        <xsl:when test="$marked/*">
          <xsl:for-each select="$marked/*">
            <xsl:choose>
              <xsl:when test="self::x:differs"><mark><xsl:value-of select="."/></mark></xsl:when>
              <xsl:otherwise><xsl:value-of select="."/></xsl:otherwise>
            </xsl:choose>
          </xsl:for-each>
        </xsl:when>
        <xsl:otherwise><xsl:value-of select="$plain"/></xsl:otherwise>
      </xsl:choose>
    </span>
    <xsl:if test="$marked/@zh">
      <xsl:text> </xsl:text>
      <span class="note i">
        <span class="zh" lang="zh-CN"><xsl:value-of select="$marked/@zh"/></span>
        <xsl:text> </xsl:text>
        <span class="en" lang="en"><xsl:value-of select="$marked/@en"/></span>
      </span>
    </xsl:if>
  </xsl:template>

  <xsl:template name="exchanges">
    <xsl:variable name="decided" select="r:evidence/@step"/>
    <div class="wide">
      <table>
        <thead><tr>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'step'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'actor'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'command'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'response'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'microseconds'"/><xsl:with-param name="class" select="'n'"/></xsl:call-template>
        </tr></thead>
        <tbody>
          <xsl:for-each select="r:step">
            <xsl:variable name="step" select="."/>
            <xsl:if test="r:note or not(r:exchange)">
              <tr>
                <xsl:if test="@id = $decided"><xsl:attribute name="class">decided</xsl:attribute></xsl:if>
                <th scope="row"><xsl:call-template name="step-name"/></th>
                <td><xsl:value-of select="@actor"/></td>
                <td colspan="3" class="hex"><xsl:value-of select="concat(@kind, ' ')"/><xsl:value-of select="r:note"/></td>
              </tr>
            </xsl:if>
            <xsl:for-each select="r:exchange">
              <tr>
                <xsl:if test="$step/@id = $decided"><xsl:attribute name="class">decided</xsl:attribute></xsl:if>
                <th scope="row"><xsl:for-each select="$step"><xsl:call-template name="step-name"/></xsl:for-each></th>
                <td><xsl:value-of select="@actor"/></td>
                <td class="hex"><xsl:value-of select="r:command"/></td>
                <td class="hex">
                  <xsl:choose>
                    <xsl:when test="r:response"><xsl:value-of select="r:response"/></xsl:when>
                    <xsl:otherwise><xsl:call-template name="say"><xsl:with-param name="id" select="'no-response'"/></xsl:call-template></xsl:otherwise>
                  </xsl:choose>
                  <xsl:if test="@fault">
                    <br/><span class="note"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'fault'"/></xsl:call-template><xsl:text> </xsl:text><xsl:value-of select="@fault"/></span>
                  </xsl:if>
                </td>
                <td class="n"><xsl:call-template name="microseconds"><xsl:with-param name="ns" select="@duration-ns"/></xsl:call-template></td>
              </tr>
            </xsl:for-each>
          </xsl:for-each>
        </tbody>
      </table>
    </div>
  </xsl:template>

  <xsl:template name="step-name">
    <xsl:call-template name="id"><xsl:with-param name="id" select="@id"/></xsl:call-template>
    <xsl:if test="@phase='restore'"><span class="note i"><xsl:text> </xsl:text><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'restore'"/></xsl:call-template></span></xsl:if>
  </xsl:template>

  <xsl:template name="links">
    <xsl:call-template name="heading"><xsl:with-param name="id" select="'links'"/></xsl:call-template>
    <xsl:choose>
      <xsl:when test="not(r:pass/@transport != r:pass[1]/@transport) and not(r:difference)"><p><xsl:call-template name="say"><xsl:with-param name="id" select="'one-pass'"/></xsl:call-template></p></xsl:when>
      <xsl:when test="not(r:difference)"><p><xsl:call-template name="say"><xsl:with-param name="id" select="'no-differences'"/></xsl:call-template></p></xsl:when>
      <xsl:otherwise>
        <table>
          <caption class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'differences-caption'"/></xsl:call-template></caption>
          <thead><tr>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'case'"/></xsl:call-template>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'pass'"/></xsl:call-template>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'verdict'"/></xsl:call-template>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'pass'"/></xsl:call-template>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'verdict'"/></xsl:call-template>
          </tr></thead>
          <tbody>
            <xsl:for-each select="r:difference">
              <tr>
                <th scope="row"><xsl:call-template name="id"><xsl:with-param name="id" select="@id"/></xsl:call-template></th>
                <td><xsl:call-template name="id"><xsl:with-param name="id" select="@pass-a"/></xsl:call-template></td>
                <td><xsl:call-template name="badge"><xsl:with-param name="verdict" select="string(@verdict-a)"/></xsl:call-template></td>
                <td><xsl:call-template name="id"><xsl:with-param name="id" select="@pass-b"/></xsl:call-template></td>
                <td><xsl:call-template name="badge"><xsl:with-param name="verdict" select="string(@verdict-b)"/></xsl:call-template></td>
              </tr>
            </xsl:for-each>
          </tbody>
        </table>
      </xsl:otherwise>
    </xsl:choose>
    <xsl:if test="r:one-link">
      <details>
        <summary class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'one-link-caption'"/></xsl:call-template> (<xsl:value-of select="count(r:one-link)"/>)</summary>
        <table>
          <caption class="quiet"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'one-link-caption'"/></xsl:call-template></caption>
          <thead><tr>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'case'"/></xsl:call-template>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'pass'"/></xsl:call-template>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'reason'"/></xsl:call-template>
          </tr></thead>
          <tbody>
            <xsl:for-each select="r:one-link">
              <tr>
                <th scope="row"><xsl:call-template name="id"><xsl:with-param name="id" select="@id"/></xsl:call-template></th>
                <td><xsl:call-template name="id"><xsl:with-param name="id" select="@pass"/></xsl:call-template></td>
                <td><xsl:value-of select="r:reason"/></td>
              </tr>
            </xsl:for-each>
          </tbody>
        </table>
      </details>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
