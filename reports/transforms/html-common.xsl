<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- Texts in two languages, badges, numbers: what every part of the page uses. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:r="urn:onecard:result:1"
                xmlns:x="urn:onecard:report:1" exclude-result-prefixes="r x">
  <xsl:variable name="texts" select="document('texts.xml')"/>
  <xsl:variable name="t" select="$texts/texts/t"/>
  <xsl:variable name="verdicts" select="$t[@id='PASS' or @id='FAIL' or @id='DEVIATION' or @id='ERROR' or @id='INCONCLUSIVE' or @id='NOT_RUN' or @id='NOT_APPLICABLE']"/>
  <xsl:variable name="report" select="/r:result/x:report"/>
  <xsl:variable name="plain-id" select="translate($report/@id, translate($report/@id, '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-', ''), '')"/>
  <xsl:variable name="strict" select="boolean(/r:result[@strict='true' or @strict='1'])"/>
  <xsl:variable name="pass-count" select="count(/r:result/r:pass)"/>

  <xsl:key name="text" match="t" use="@id"/>
  <xsl:key name="requirement" match="x:requirement" use="@id"/>
  <xsl:key name="pass" match="r:pass" use="@id"/>
  <xsl:key name="finding" match="x:finding" use="@id"/>

  <!-- A text of texts.xml: Chinese, English beneath. -->
  <xsl:template name="say">
    <xsl:param name="id"/>
    <xsl:for-each select="$texts">
      <xsl:variable name="text" select="key('text', $id)"/>
      <xsl:choose>
        <xsl:when test="$text">
          <span class="zh" lang="zh-CN"><xsl:value-of select="$text/zh"/></span>
          <xsl:text> </xsl:text>
          <span class="en" lang="en"><xsl:value-of select="$text/en"/></span>
        </xsl:when>
        <xsl:otherwise><xsl:value-of select="$id"/></xsl:otherwise>
      </xsl:choose>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="say-inline">
    <xsl:param name="id"/>
    <xsl:for-each select="$texts">
      <xsl:variable name="text" select="key('text', $id)"/>
      <span class="zh" lang="zh-CN"><xsl:value-of select="$text/zh"/></span>
      <xsl:text> </xsl:text>
      <span class="en i" lang="en"><xsl:value-of select="$text/en"/></span>
    </xsl:for-each>
  </xsl:template>

  <!-- One language, without an element: for titles and labels. -->
  <xsl:template name="word">
    <xsl:param name="id"/>
    <xsl:param name="lang"/>
    <xsl:for-each select="$texts"><xsl:value-of select="key('text', $id)/*[name()=$lang]"/></xsl:for-each>
  </xsl:template>

  <!-- A title or wording that the record or a requirement file has in one or both languages. -->
  <xsl:template name="both">
    <xsl:param name="zh"/>
    <xsl:param name="en"/>
    <xsl:choose>
      <xsl:when test="$zh != '' and $en != ''">
        <span class="zh" lang="zh-CN"><xsl:value-of select="$zh"/></span>
        <xsl:text> </xsl:text>
        <span class="en" lang="en"><xsl:value-of select="$en"/></span>
      </xsl:when>
      <xsl:when test="$zh != ''"><span lang="zh-CN"><xsl:value-of select="$zh"/></span></xsl:when>
      <xsl:otherwise><span lang="en"><xsl:value-of select="$en"/></span></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="th">
    <xsl:param name="id"/>
    <xsl:param name="class"/>
    <th scope="col">
      <xsl:if test="$class != ''"><xsl:attribute name="class"><xsl:value-of select="$class"/></xsl:attribute></xsl:if>
      <xsl:call-template name="say"><xsl:with-param name="id" select="$id"/></xsl:call-template>
    </th>
  </xsl:template>

  <xsl:template name="heading">
    <xsl:param name="id"/>
    <h2 id="{$id}"><xsl:call-template name="say"><xsl:with-param name="id" select="$id"/></xsl:call-template></h2>
  </xsl:template>

  <xsl:template name="caption">
    <xsl:param name="id"/>
    <xsl:param name="quiet"/>
    <caption>
      <xsl:attribute name="class">i<xsl:if test="$quiet"> quiet</xsl:if></xsl:attribute>
      <xsl:call-template name="say-inline"><xsl:with-param name="id" select="$id"/></xsl:call-template>
    </caption>
  </xsl:template>

  <!-- A row of a table of facts; nothing where there is no value. -->
  <xsl:template name="row">
    <xsl:param name="id"/>
    <xsl:param name="value"/>
    <xsl:if test="$value != ''">
      <tr><th scope="row" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="$id"/></xsl:call-template></th><td><code><xsl:value-of select="$value"/></code></td></tr>
    </xsl:if>
  </xsl:template>

  <xsl:template name="tone">
    <xsl:param name="verdict"/>
    <xsl:choose>
      <xsl:when test="$verdict='PASS' or $verdict='good'">good</xsl:when>
      <xsl:when test="$verdict='FAIL' or $verdict='ERROR' or $verdict='bad'">bad</xsl:when>
      <xsl:when test="$verdict='DEVIATION' and $strict">bad</xsl:when>
      <xsl:when test="$verdict='DEVIATION' or $verdict='INCONCLUSIVE' or $verdict='open'">warn</xsl:when>
      <xsl:otherwise>calm</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- A verdict, or the assessment of a clause, as sign, words and colour; none of them alone. Those that thousands of rows
       have are made once. -->
  <xsl:template name="badge">
    <xsl:param name="verdict" select="@verdict"/>
    <xsl:variable name="v" select="string($verdict)"/>
    <xsl:choose>
      <xsl:when test="$v='PASS'"><xsl:copy-of select="$badge-pass"/></xsl:when>
      <xsl:when test="$v='FAIL'"><xsl:copy-of select="$badge-fail"/></xsl:when>
      <xsl:when test="$v='NOT_RUN'"><xsl:copy-of select="$badge-not-run"/></xsl:when>
      <xsl:when test="$v='NOT_APPLICABLE'"><xsl:copy-of select="$badge-not-applicable"/></xsl:when>
      <xsl:otherwise><xsl:call-template name="new-badge"><xsl:with-param name="v" select="$v"/></xsl:call-template></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:variable name="badge-pass"><xsl:call-template name="new-badge"><xsl:with-param name="v" select="'PASS'"/></xsl:call-template></xsl:variable>
  <xsl:variable name="badge-fail"><xsl:call-template name="new-badge"><xsl:with-param name="v" select="'FAIL'"/></xsl:call-template></xsl:variable>
  <xsl:variable name="badge-not-run"><xsl:call-template name="new-badge"><xsl:with-param name="v" select="'NOT_RUN'"/></xsl:call-template></xsl:variable>
  <xsl:variable name="badge-not-applicable"><xsl:call-template name="new-badge"><xsl:with-param name="v" select="'NOT_APPLICABLE'"/></xsl:call-template></xsl:variable>

  <xsl:template name="new-badge">
    <xsl:param name="v"/>
    <xsl:variable name="tone"><xsl:call-template name="tone"><xsl:with-param name="verdict" select="$v"/></xsl:call-template></xsl:variable>
    <span class="badge {$tone}">
      <span aria-hidden="true">
        <xsl:choose>
          <xsl:when test="$v='PASS' or $v='good'">✓</xsl:when>
          <xsl:when test="$v='FAIL' or $v='bad'">✗</xsl:when>
          <xsl:when test="$v='ERROR'">!</xsl:when>
          <xsl:when test="$v='DEVIATION'">△</xsl:when>
          <xsl:when test="$v='INCONCLUSIVE' or $v='open'">?</xsl:when>
          <xsl:when test="$v='partly'">◐</xsl:when>
          <xsl:otherwise>–</xsl:otherwise>
        </xsl:choose>
      </span>
      <xsl:text> </xsl:text>
      <xsl:call-template name="say-inline"><xsl:with-param name="id" select="$v"/></xsl:call-template>
    </span>
  </xsl:template>

  <!-- How many of each verdict, those that are there; @PASS, @FAIL and so on of the node at hand. -->
  <xsl:template name="verdict-numbers">
    <xsl:variable name="of" select="."/>
    <xsl:for-each select="$verdicts">
      <xsl:variable name="id" select="string(@id)"/>
      <xsl:variable name="n" select="$of/@*[name()=$id]"/>
      <xsl:if test="$n">
        <xsl:call-template name="badge"><xsl:with-param name="verdict" select="$id"/></xsl:call-template>
        <xsl:text> </xsl:text><strong><xsl:value-of select="$n"/></strong><xsl:text>　</xsl:text>
      </xsl:if>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="microseconds">
    <xsl:param name="ns"/>
    <xsl:value-of select="format-number($ns div 1000, '#,##0.0')"/>
  </xsl:template>

  <!-- An id or path that may break behind its dots and slashes only. -->
  <xsl:template name="id">
    <xsl:param name="id"/>
    <code class="id"><xsl:call-template name="breakable"><xsl:with-param name="text" select="string($id)"/></xsl:call-template></code>
  </xsl:template>

  <xsl:template name="breakable">
    <xsl:param name="text"/>
    <xsl:choose>
      <xsl:when test="string-length($text) &lt; 200"><xsl:call-template name="break-behind"><xsl:with-param name="text" select="$text"/><xsl:with-param name="dots" select="translate($text, '/', '.')"/></xsl:call-template></xsl:when>
      <xsl:otherwise><xsl:value-of select="$text"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- `dots` is the text with dots for slashes. -->
  <xsl:template name="break-behind">
    <xsl:param name="text"/>
    <xsl:param name="dots"/>
    <xsl:choose>
      <xsl:when test="contains($dots, '.')">
        <xsl:variable name="first" select="string-length(substring-before($dots, '.')) + 1"/>
        <xsl:value-of select="substring($text, 1, $first)"/><wbr/>
        <xsl:call-template name="break-behind"><xsl:with-param name="text" select="substring($text, $first + 1)"/><xsl:with-param name="dots" select="substring-after($dots, '.')"/></xsl:call-template>
      </xsl:when>
      <xsl:otherwise><xsl:value-of select="$text"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- The id of a case, linked to its finding where there is one. -->
  <xsl:template name="case-link">
    <xsl:param name="id" select="@id"/>
    <xsl:variable name="finding" select="key('finding', $id)[1]"/>
    <xsl:choose>
      <xsl:when test="$finding"><a href="#f{$finding/@n}"><code class="id"><xsl:value-of select="$id"/></code></a></xsl:when>
      <xsl:otherwise><code class="id"><xsl:value-of select="$id"/></code></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- The same for long lists, whose style has the letters of an id. -->
  <xsl:template name="case-text">
    <xsl:variable name="finding" select="key('finding', @id)[1]"/>
    <xsl:choose>
      <xsl:when test="$finding"><a href="#f{$finding/@n}"><xsl:value-of select="@id"/></a></xsl:when>
      <xsl:otherwise><xsl:value-of select="@id"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- A requirement by its id, linked to its row. -->
  <xsl:template name="requirement-link">
    <xsl:param name="id"/>
    <xsl:variable name="requirement" select="key('requirement', $id)"/>
    <xsl:choose>
      <xsl:when test="$requirement"><a href="#q{$requirement/@index}"><code class="id"><xsl:value-of select="$id"/></code></a></xsl:when>
      <xsl:otherwise><code class="id"><xsl:value-of select="$id"/></code></xsl:otherwise>
    </xsl:choose>
  </xsl:template>
</xsl:stylesheet>
