<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- JUnit, the strict form that the Jenkins xUnit grammar accepts: no property, file or line on a testcase, plain
     decimal times, one failure a case whose first line is its message. A suite is a pass; classname and name together
     are unique in the file, since GitLab drops what is there twice. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:r="urn:onecard:result:1"
                xmlns:x="urn:onecard:report:1" exclude-result-prefixes="r x">
  <xsl:output method="xml" encoding="UTF-8" indent="no"/>
  <xsl:key name="by-pass" match="r:case" use="@pass"/>
  <xsl:key name="by-pass-verdict" match="r:case" use="concat(@verdict, ' ', @pass)"/>

  <xsl:variable name="strict" select="boolean(/r:result[@strict='true' or @strict='1'])"/>
  <xsl:variable name="new-line" select="'&#10;'"/>
  <!-- No character takes more than four bytes, so this many never exceed 64 kB. -->
  <xsl:variable name="output-characters" select="16000"/>

  <xsl:template match="/r:result">
    <xsl:variable name="whole-run" select="count(r:difference) + number(x:report/@missing &gt; 0)"/>
    <xsl:variable name="failures" select="count(r:case[@verdict='FAIL']) + $strict * count(r:case[@verdict='DEVIATION'])"/>
    <xsl:variable name="errors" select="count(r:case[@verdict='ERROR' or @verdict='INCONCLUSIVE']) + $whole-run"/>
    <testsuites name="onecard" tests="{count(r:case) + $whole-run}" failures="{$failures}" errors="{$errors}"
                time="{format-number(sum(r:case/@duration-ns) div 1000000000, '0.000')}">
      <xsl:apply-templates select="r:pass"/>
      <xsl:if test="$whole-run &gt; 0">
        <xsl:call-template name="whole-run"><xsl:with-param name="tests" select="$whole-run"/></xsl:call-template>
      </xsl:if>
    </testsuites>
    <xsl:value-of select="$new-line"/>
  </xsl:template>

  <xsl:template match="r:pass">
    <xsl:variable name="cases" select="key('by-pass', @id)"/>
    <xsl:value-of select="$new-line"/>
    <testsuite name="{@id}" tests="{count($cases)}"
               failures="{count(key('by-pass-verdict', concat('FAIL ', @id))) + $strict * count(key('by-pass-verdict', concat('DEVIATION ', @id)))}"
               errors="{count(key('by-pass-verdict', concat('ERROR ', @id))) + count(key('by-pass-verdict', concat('INCONCLUSIVE ', @id)))}"
               skipped="{count(key('by-pass-verdict', concat('NOT_APPLICABLE ', @id))) + count(key('by-pass-verdict', concat('NOT_RUN ', @id)))}"
               time="{format-number(sum($cases/@duration-ns) div 1000000000, '0.000')}"
               timestamp="{substring(/r:result/@started, 1, 19)}" id="{count(preceding-sibling::r:pass)}">
      <properties>
        <property name="suite-version" value="{/r:result/@suite-version}"/>
        <property name="seed" value="{/r:result/@seed}"/>
        <property name="strict" value="{/r:result/@strict}"/>
        <property name="profile" value="{@profile}"/>
        <property name="card" value="{@card}"/>
        <xsl:if test="@terminal != ''"><property name="terminal" value="{@terminal}"/></xsl:if>
        <xsl:if test="@terminal-sha256 != ''"><property name="terminal-sha256" value="{@terminal-sha256}"/></xsl:if>
        <xsl:if test="@host != ''"><property name="host" value="{@host}"/></xsl:if>
        <property name="transport" value="{@transport}"/>
        <property name="atr" value="{@atr}"/>
        <property name="vectors-sha256" value="{/r:result/r:vectors/@sha256}"/>
      </properties>
      <xsl:apply-templates select="$cases"/>
      <xsl:value-of select="$new-line"/>
    </testsuite>
  </xsl:template>

  <xsl:template match="r:case">
    <xsl:value-of select="$new-line"/>
    <testcase classname="{@classname}" time="{format-number(@duration-ns div 1000000000, '0.000000')}">
      <xsl:attribute name="name">
        <xsl:value-of select="@id"/>
        <xsl:variable name="title"><xsl:call-template name="title"/></xsl:variable>
        <xsl:if test="$title != ''"><xsl:value-of select="concat(' ', normalize-space($title))"/></xsl:if>
        <xsl:if test="@repeat &gt; 1"><xsl:value-of select="concat(' [rep=', @repeat, ']')"/></xsl:if>
      </xsl:attribute>
      <xsl:choose>
        <xsl:when test="@verdict='FAIL'">
          <failure type="conformance"><xsl:call-template name="finding"/></failure>
        </xsl:when>
        <xsl:when test="@verdict='DEVIATION' and $strict">
          <failure type="deviation"><xsl:call-template name="finding"/></failure>
        </xsl:when>
        <xsl:when test="@verdict='ERROR'"><error type="infra"><xsl:call-template name="finding"/></error></xsl:when>
        <xsl:when test="@verdict='INCONCLUSIVE'">
          <error type="inconclusive"><xsl:call-template name="finding"/></error>
        </xsl:when>
        <xsl:when test="@verdict='NOT_APPLICABLE'">
          <skipped type="not-applicable"><xsl:call-template name="message"/></skipped>
        </xsl:when>
        <xsl:when test="@verdict='NOT_RUN'"><skipped type="not-run"><xsl:call-template name="message"/></skipped></xsl:when>
      </xsl:choose>
      <xsl:if test="@verdict='FAIL' or @verdict='ERROR' or @verdict='INCONCLUSIVE' or @verdict='DEVIATION'">
        <system-out>
          <xsl:variable name="trace"><xsl:call-template name="trace"/></xsl:variable>
          <xsl:value-of select="substring($trace, 1, $output-characters)"/>
          <xsl:if test="string-length($trace) &gt; $output-characters">
            <xsl:text>&#10;... cut here; the whole trace is in result.xml&#10;</xsl:text>
          </xsl:if>
        </system-out>
      </xsl:if>
    </testcase>
  </xsl:template>

  <xsl:template name="title">
    <xsl:choose>
      <xsl:when test="r:title[@lang='en'] != ''"><xsl:value-of select="r:title[@lang='en']"/></xsl:when>
      <xsl:otherwise><xsl:value-of select="r:title[@lang='zh']"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- One line. -->
  <xsl:template name="reason">
    <xsl:choose>
      <xsl:when test="r:reason != ''"><xsl:value-of select="normalize-space(r:reason)"/></xsl:when>
      <xsl:when test="r:evidence">
        <xsl:value-of select="normalize-space(concat('step ', r:evidence/@step, ': expected ', r:evidence/r:expected, ', received ', r:evidence/r:received))"/>
      </xsl:when>
      <xsl:otherwise><xsl:value-of select="concat('no reason was recorded for ', @verdict)"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="message">
    <xsl:variable name="reason"><xsl:call-template name="reason"/></xsl:variable>
    <xsl:attribute name="message"><xsl:value-of select="$reason"/></xsl:attribute>
    <xsl:value-of select="$reason"/>
  </xsl:template>

  <xsl:template name="finding">
    <xsl:call-template name="message"/>
    <xsl:value-of select="$new-line"/>
    <xsl:for-each select="r:evidence">
      <xsl:call-template name="line"><xsl:with-param name="label" select="'step'"/><xsl:with-param name="value" select="@step"/></xsl:call-template>
      <xsl:call-template name="line"><xsl:with-param name="label" select="'check'"/><xsl:with-param name="value" select="@what"/></xsl:call-template>
      <xsl:call-template name="line"><xsl:with-param name="label" select="'expected'"/><xsl:with-param name="value" select="r:expected"/></xsl:call-template>
      <xsl:call-template name="line"><xsl:with-param name="label" select="'received'"/><xsl:with-param name="value" select="r:received"/></xsl:call-template>
      <xsl:call-template name="line"><xsl:with-param name="label" select="'first difference at byte'"/><xsl:with-param name="value" select="@first-difference"/></xsl:call-template>
      <xsl:call-template name="line"><xsl:with-param name="label" select="'requirement'"/><xsl:with-param name="value" select="@requirement"/></xsl:call-template>
      <xsl:call-template name="line"><xsl:with-param name="label" select="'confidence'"/><xsl:with-param name="value" select="@confidence"/></xsl:call-template>
    </xsl:for-each>
    <xsl:call-template name="line">
      <xsl:with-param name="label" select="'vector'"/><xsl:with-param name="value" select="concat(@file, ':', @line)"/>
    </xsl:call-template>
  </xsl:template>

  <xsl:template name="line">
    <xsl:param name="label"/>
    <xsl:param name="value"/>
    <xsl:if test="$value != ''"><xsl:value-of select="concat($label, ': ', $value, $new-line)"/></xsl:if>
  </xsl:template>

  <xsl:template name="trace">
    <xsl:if test="@verdict='DEVIATION'">
      <xsl:text>WARN: DEVIATION: </xsl:text><xsl:call-template name="reason"/><xsl:value-of select="$new-line"/>
    </xsl:if>
    <xsl:for-each select="r:step">
      <xsl:value-of select="concat('[', @id, '] ', @kind, ' ', @actor, $new-line)"/>
      <xsl:if test="r:note"><xsl:value-of select="concat('    ', r:note, $new-line)"/></xsl:if>
      <xsl:for-each select="r:exchange">
        <xsl:value-of select="concat('    ', @actor, ' &gt; ', r:command, $new-line)"/>
        <xsl:choose>
          <xsl:when test="r:response"><xsl:value-of select="concat('    ', @actor, ' &lt; ', r:response, '  (', format-number(@duration-ns div 1000, '0.0'), ' us)', $new-line)"/></xsl:when>
          <xsl:otherwise><xsl:value-of select="concat('    ', @actor, ' &lt; no answer', $new-line)"/></xsl:otherwise>
        </xsl:choose>
        <xsl:if test="@fault"><xsl:value-of select="concat('    ', @actor, ' ! fault of the case: ', @fault, $new-line)"/></xsl:if>
      </xsl:for-each>
    </xsl:for-each>
  </xsl:template>

  <!-- What belongs to no single case: links that differ, and planned cases without a verdict, so that a run that broke
       off cannot look green. -->
  <xsl:template name="whole-run">
    <xsl:param name="tests"/>
    <xsl:value-of select="$new-line"/>
    <testsuite name="whole run" tests="{$tests}" failures="0" errors="{$tests}" skipped="0" time="0.000"
               timestamp="{substring(@started, 1, 19)}" id="{count(r:pass)}">
      <xsl:for-each select="r:difference">
        <xsl:variable name="message" select="concat('the links differ: ', @pass-a, ' ', @verdict-a, ', ', @pass-b, ' ', @verdict-b)"/>
        <testcase classname="onecard.links" name="{concat(@id, ' ', @pass-a, ' ', @pass-b)}" time="0.000">
          <error type="infra" message="{$message}"><xsl:value-of select="$message"/></error>
        </testcase>
      </xsl:for-each>
      <xsl:if test="x:report/@missing &gt; 0">
        <xsl:variable name="message" select="concat(x:report/@missing, ' planned cases have no verdict')"/>
        <testcase classname="onecard.plan" name="every planned case has a verdict" time="0.000">
          <error type="infra" message="{$message}"><xsl:value-of select="$message"/></error>
        </testcase>
      </xsl:if>
    </testsuite>
  </xsl:template>
</xsl:stylesheet>
