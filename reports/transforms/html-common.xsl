<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- Texts in two languages, badges, numbers: what every part of the page uses. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:r="urn:onecard:result:1"
                xmlns:x="urn:onecard:report:1" exclude-result-prefixes="r x">
  <xsl:variable name="t" select="document('texts.xml')/texts/t"/>
  <xsl:variable name="report" select="/r:result/x:report"/>
  <xsl:variable name="report-id" select="concat('R-', translate(substring($report/@sha256, 1, 12), 'abcdef', 'ABCDEF'))"/>
  <xsl:variable name="strict" select="boolean(/r:result[@strict='true' or @strict='1'])"/>

  <!-- Once: a path from the root goes through every case each time. -->
  <xsl:variable name="pass-count" select="count(/r:result/r:pass)"/>

  <xsl:key name="by-pass" match="r:case" use="@pass"/>
  <xsl:key name="by-pass-verdict" match="r:case" use="concat(@verdict, ' ', @pass)"/>
  <xsl:key name="by-verdict" match="r:case" use="@verdict"/>
  <xsl:key name="by-requirement" match="r:case/r:req | r:case/x:req" use="string(.)"/>
  <!-- One finding, whatever the number of links that show it. -->
  <xsl:key name="same-finding" match="r:case[@verdict='FAIL' or @verdict='ERROR' or @verdict='DEVIATION' or @verdict='INCONCLUSIVE']"
           use="concat(@id, '|', @verdict, '|', r:reason, '|', r:evidence/r:expected, '|', r:evidence/r:received)"/>
  <xsl:key name="requirement" match="x:requirement" use="@id"/>
  <xsl:key name="pass" match="r:pass" use="@id"/>

  <!-- A text of texts.xml: Chinese, English beneath. -->
  <xsl:template name="say">
    <xsl:param name="id"/>
    <xsl:variable name="text" select="$t[@id=$id]"/>
    <xsl:choose>
      <xsl:when test="$text">
        <span class="zh" lang="zh-CN"><xsl:value-of select="$text/zh"/></span>
        <span class="en" lang="en"><xsl:value-of select="$text/en"/></span>
      </xsl:when>
      <xsl:otherwise><xsl:value-of select="$id"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="say-inline">
    <xsl:param name="id"/>
    <span class="zh" lang="zh-CN"><xsl:value-of select="$t[@id=$id]/zh"/></span>
    <xsl:text> </xsl:text>
    <span class="en i" lang="en"><xsl:value-of select="$t[@id=$id]/en"/></span>
  </xsl:template>

  <!-- A title or wording that the record or a requirement file has in one or both languages. -->
  <xsl:template name="both">
    <xsl:param name="zh"/>
    <xsl:param name="en"/>
    <xsl:choose>
      <xsl:when test="$zh != '' and $en != ''">
        <span class="zh" lang="zh-CN"><xsl:value-of select="$zh"/></span>
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

  <xsl:template name="tone">
    <xsl:param name="verdict"/>
    <xsl:choose>
      <xsl:when test="$verdict='PASS'">good</xsl:when>
      <xsl:when test="$verdict='FAIL' or $verdict='ERROR'">bad</xsl:when>
      <xsl:when test="$verdict='DEVIATION' and $strict">bad</xsl:when>
      <xsl:when test="$verdict='DEVIATION' or $verdict='INCONCLUSIVE'">warn</xsl:when>
      <xsl:otherwise>calm</xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- A verdict as sign, words and colour; none of them alone. -->
  <xsl:template name="badge">
    <xsl:param name="verdict" select="@verdict"/>
    <xsl:variable name="tone"><xsl:call-template name="tone"><xsl:with-param name="verdict" select="$verdict"/></xsl:call-template></xsl:variable>
    <span class="badge {$tone}">
      <span aria-hidden="true">
        <xsl:choose>
          <xsl:when test="$verdict='PASS'">✓</xsl:when>
          <xsl:when test="$verdict='FAIL'">✗</xsl:when>
          <xsl:when test="$verdict='ERROR'">!</xsl:when>
          <xsl:when test="$verdict='DEVIATION'">△</xsl:when>
          <xsl:when test="$verdict='INCONCLUSIVE'">?</xsl:when>
          <xsl:otherwise>–</xsl:otherwise>
        </xsl:choose>
      </span>
      <xsl:text> </xsl:text>
      <xsl:call-template name="say-inline"><xsl:with-param name="id" select="$verdict"/></xsl:call-template>
    </span>
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
    <xsl:variable name="dots" select="translate($text, '/', '.')"/>
    <xsl:choose>
      <xsl:when test="contains($dots, '.') and string-length($text) &lt; 200">
        <xsl:variable name="first" select="string-length(substring-before($dots, '.')) + 1"/>
        <xsl:value-of select="substring($text, 1, $first)"/><wbr/>
        <xsl:call-template name="breakable"><xsl:with-param name="text" select="substring($text, $first + 1)"/></xsl:call-template>
      </xsl:when>
      <xsl:otherwise><xsl:value-of select="$text"/></xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <!-- The id of a case, linked to its finding where there is one. -->
  <xsl:template name="case-link">
    <xsl:choose>
      <xsl:when test="@verdict='FAIL' or @verdict='ERROR' or @verdict='DEVIATION' or @verdict='INCONCLUSIVE'">
        <a href="#finding-{key('same-finding', concat(@id, '|', @verdict, '|', r:reason, '|', r:evidence/r:expected, '|', r:evidence/r:received))[1]/@n}"><xsl:call-template name="id"><xsl:with-param name="id" select="@id"/></xsl:call-template></a>
      </xsl:when>
      <xsl:otherwise><xsl:call-template name="id"><xsl:with-param name="id" select="@id"/></xsl:call-template></xsl:otherwise>
    </xsl:choose>
    <xsl:if test="@repeat &gt; 1"><xsl:value-of select="concat(' ×', @repeat)"/></xsl:if>
  </xsl:template>
</xsl:stylesheet>
