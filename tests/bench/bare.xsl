<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- The least that a report by XSLT does: a row a case, with its verdict in words of two languages. A page is measured
     against it. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:r="urn:onecard:result:1" exclude-result-prefixes="r">
  <xsl:output method="html" encoding="UTF-8"/>
  <xsl:param name="lang" select="'zh'"/>
  <xsl:variable name="texts" select="document('../../reports/transforms/texts.xml')"/>
  <xsl:key name="text" match="t" use="@id"/>

  <xsl:template match="/r:result">
    <html lang="{$lang}"><body><table><xsl:apply-templates select="r:case"/></table></body></html>
  </xsl:template>

  <xsl:template match="r:case">
    <xsl:variable name="verdict" select="string(@verdict)"/>
    <tr>
      <td><xsl:for-each select="$texts"><xsl:value-of select="key('text', $verdict)/*[name()=$lang]"/></xsl:for-each></td>
      <td><xsl:value-of select="@id"/></td>
      <td><xsl:value-of select="r:title[@lang=$lang]"/></td>
      <td><xsl:value-of select="concat(@file, ':', @line)"/></td>
      <td><xsl:value-of select="r:reason"/></td>
    </tr>
  </xsl:template>
</xsl:stylesheet>
