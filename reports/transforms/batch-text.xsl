<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- The batch sheet as plain text: Chinese and English beside each other. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:b="urn:onecard:batch:1">
  <xsl:output method="text" encoding="UTF-8"/>
  <xsl:variable name="t" select="document('batch-texts.xml')/texts/t"/>

  <xsl:template name="say">
    <xsl:param name="id"/>
    <xsl:value-of select="concat($t[@id=$id]/zh, ' / ', $t[@id=$id]/en)"/>
  </xsl:template>

  <xsl:template name="fact">
    <xsl:param name="id"/>
    <xsl:param name="value"/>
    <xsl:if test="$value != ''">
      <xsl:text>  </xsl:text>
      <xsl:call-template name="say"><xsl:with-param name="id" select="$id"/></xsl:call-template>
      <xsl:value-of select="concat(': ', $value, '&#10;')"/>
    </xsl:if>
  </xsl:template>

  <xsl:template name="heading">
    <xsl:param name="id"/>
    <xsl:text>&#10;</xsl:text>
    <xsl:call-template name="say"><xsl:with-param name="id" select="$id"/></xsl:call-template>
    <xsl:text>&#10;</xsl:text>
  </xsl:template>

  <xsl:template name="sentence">
    <xsl:param name="id"/>
    <xsl:value-of select="concat('  - ', $t[@id=$id]/zh, '&#10;    ', $t[@id=$id]/en, '&#10;')"/>
  </xsl:template>

  <xsl:template match="/b:batch">
    <xsl:call-template name="say"><xsl:with-param name="id" select="'title'"/></xsl:call-template>
    <xsl:text>&#10;</xsl:text>
    <xsl:call-template name="say"><xsl:with-param name="id" select="'kind'"/></xsl:call-template>
    <xsl:text>&#10;&#10;</xsl:text>
    <xsl:call-template name="fact"><xsl:with-param name="id" select="'batch'"/><xsl:with-param name="value" select="@name"/></xsl:call-template>
    <xsl:call-template name="fact"><xsl:with-param name="id" select="'order'"/><xsl:with-param name="value" select="concat(@order, '  SHA-256 ', @order-sha256)"/></xsl:call-template>
    <xsl:call-template name="fact"><xsl:with-param name="id" select="'profile'"/><xsl:with-param name="value" select="@profile"/></xsl:call-template>
    <xsl:call-template name="fact"><xsl:with-param name="id" select="'tested'"/><xsl:with-param name="value" select="concat(@started, ' - ', @ended)"/></xsl:call-template>
    <xsl:call-template name="fact"><xsl:with-param name="id" select="'tool'"/><xsl:with-param name="value" select="concat('onecard ', @suite-version)"/></xsl:call-template>
    <xsl:call-template name="fact"><xsl:with-param name="id" select="'seed'"/><xsl:with-param name="value" select="@seed"/></xsl:call-template>

    <xsl:call-template name="heading"><xsl:with-param name="id" select="'lot'"/></xsl:call-template>
    <xsl:text>  </xsl:text>
    <xsl:call-template name="say"><xsl:with-param name="id" select="concat('lot-', @lot)"/></xsl:call-template>
    <xsl:text>&#10;</xsl:text>
    <xsl:if test="@interrupted='true'"><xsl:call-template name="sentence"><xsl:with-param name="id" select="'interrupted'"/></xsl:call-template></xsl:if>
    <xsl:if test="@strict='true'"><xsl:call-template name="sentence"><xsl:with-param name="id" select="'strict'"/></xsl:call-template></xsl:if>
    <xsl:apply-templates select="b:plan"/>

    <xsl:call-template name="heading"><xsl:with-param name="id" select="'limits'"/></xsl:call-template>
    <xsl:call-template name="sentence"><xsl:with-param name="id" select="'limit-wording'"/></xsl:call-template>
    <xsl:call-template name="sentence"><xsl:with-param name="id" select="'limit-certificate'"/></xsl:call-template>
    <xsl:variable name="open" select="b:item[@passed + @failed + @deviating = 0]"/>
    <xsl:if test="$open">
      <xsl:text>  - </xsl:text>
      <xsl:call-template name="say"><xsl:with-param name="id" select="'limit-left'"/></xsl:call-template>
      <xsl:for-each select="$open"><xsl:value-of select="@number"/><xsl:if test="position() != last()">, </xsl:if></xsl:for-each>
      <xsl:text>&#10;</xsl:text>
    </xsl:if>
    <xsl:variable name="part" select="b:item[@passed + @failed + @deviating &gt; 0 and b:left]"/>
    <xsl:if test="$part">
      <xsl:text>  - </xsl:text>
      <xsl:call-template name="say"><xsl:with-param name="id" select="'limit-part'"/></xsl:call-template>
      <xsl:for-each select="$part"><xsl:value-of select="@number"/><xsl:if test="position() != last()">, </xsl:if></xsl:for-each>
      <xsl:text>&#10;</xsl:text>
    </xsl:if>
    <xsl:call-template name="sentence"><xsl:with-param name="id" select="'limit-physical'"/></xsl:call-template>
    <xsl:call-template name="sentence"><xsl:with-param name="id" select="'limit-sm4'"/></xsl:call-template>
    <xsl:call-template name="sentence"><xsl:with-param name="id" select="'limit-exit'"/></xsl:call-template>

    <xsl:call-template name="heading"><xsl:with-param name="id" select="'missing'"/></xsl:call-template>
    <xsl:for-each select="b:drawn[@seen='false']">
      <xsl:text>  </xsl:text>
      <xsl:call-template name="say"><xsl:with-param name="id" select="'line'"/></xsl:call-template>
      <xsl:value-of select="concat(' ', @line, '  ', @label, '&#10;')"/>
    </xsl:for-each>
    <xsl:if test="not(b:drawn[@seen='false'])"><xsl:text>  </xsl:text><xsl:call-template name="say"><xsl:with-param name="id" select="'none'"/></xsl:call-template><xsl:text>&#10;</xsl:text></xsl:if>

    <xsl:call-template name="heading"><xsl:with-param name="id" select="'cards'"/></xsl:call-template>
    <xsl:value-of select="concat('  ', $t[@id=concat('labels-', current()/@labels)]/zh, '&#10;  ', $t[@id=concat('labels-', current()/@labels)]/en, '&#10;')"/>
    <xsl:apply-templates select="b:card"/>

    <xsl:call-template name="heading"><xsl:with-param name="id" select="'items'"/></xsl:call-template>
    <xsl:apply-templates select="b:item"/>
  </xsl:template>

  <xsl:template match="b:plan">
    <xsl:call-template name="fact">
      <xsl:with-param name="id" select="'plan'"/>
      <xsl:with-param name="value" select="concat($t[@id=concat('plan-', current()/@by)]/zh, ' / ', $t[@id=concat('plan-', current()/@by)]/en)"/>
    </xsl:call-template>
    <xsl:call-template name="fact"><xsl:with-param name="id" select="'lot-size'"/><xsl:with-param name="value" select="@lot"/></xsl:call-template>
    <xsl:call-template name="fact"><xsl:with-param name="id" select="'code'"/><xsl:with-param name="value" select="@code"/></xsl:call-template>
    <xsl:if test="@code != @plan-code"><xsl:call-template name="fact"><xsl:with-param name="id" select="'plan-code'"/><xsl:with-param name="value" select="@plan-code"/></xsl:call-template></xsl:if>
    <xsl:call-template name="fact"><xsl:with-param name="id" select="'limit'"/><xsl:with-param name="value" select="@limit"/></xsl:call-template>
    <xsl:call-template name="fact"><xsl:with-param name="id" select="'size'"/><xsl:with-param name="value" select="@size"/></xsl:call-template>
    <xsl:call-template name="fact"><xsl:with-param name="id" select="'accept'"/><xsl:with-param name="value" select="@accept"/></xsl:call-template>
    <xsl:call-template name="fact"><xsl:with-param name="id" select="'reject'"/><xsl:with-param name="value" select="@reject"/></xsl:call-template>
    <xsl:call-template name="fact"><xsl:with-param name="id" select="'seen'"/><xsl:with-param name="value" select="../@sample-seen"/></xsl:call-template>
    <xsl:call-template name="fact"><xsl:with-param name="id" select="'nonconforming'"/><xsl:with-param name="value" select="../@nonconforming"/></xsl:call-template>
    <xsl:call-template name="fact"><xsl:with-param name="id" select="'presented'"/><xsl:with-param name="value" select="../@cards"/></xsl:call-template>
    <xsl:call-template name="fact"><xsl:with-param name="id" select="'foreign'"/><xsl:with-param name="value" select="../@foreign"/></xsl:call-template>
    <xsl:if test="@size &lt; @lot">
      <xsl:text>  </xsl:text>
      <xsl:call-template name="say"><xsl:with-param name="id" select="'drawn'"/></xsl:call-template>
      <xsl:text>:</xsl:text>
      <xsl:for-each select="../b:drawn"><xsl:value-of select="concat(' ', @line)"/></xsl:for-each>
      <xsl:text>&#10;</xsl:text>
    </xsl:if>
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
    <xsl:value-of select="concat('&#10;  ', @number, '  ', @label, '  ')"/>
    <xsl:choose>
      <xsl:when test="@line"><xsl:call-template name="say"><xsl:with-param name="id" select="'line'"/></xsl:call-template><xsl:value-of select="concat(' ', @line)"/></xsl:when>
      <xsl:otherwise><xsl:call-template name="say"><xsl:with-param name="id" select="'not-ordered'"/></xsl:call-template></xsl:otherwise>
    </xsl:choose>
    <xsl:text>  </xsl:text>
    <xsl:call-template name="say"><xsl:with-param name="id" select="string($word)"/></xsl:call-template>
    <xsl:value-of select="concat('  (', @passed, ' / ', @failed, ' / ', @deviating, ' / ', @undecided, ' / ', @left, ')&#10;')"/>
    <xsl:for-each select="b:finding[@verdict != 'NOT_RUN']">
      <xsl:value-of select="concat('      ', @verdict, '  ', @id, '  ', b:title[@lang='zh'], ' / ', b:title[@lang='en'], '&#10;        ', b:reason, '&#10;')"/>
      <xsl:if test="b:expected or b:received">
        <xsl:text>        </xsl:text>
        <xsl:call-template name="say"><xsl:with-param name="id" select="'expected'"/></xsl:call-template>
        <xsl:value-of select="concat(' ', b:expected, '  ')"/>
        <xsl:call-template name="say"><xsl:with-param name="id" select="'received'"/></xsl:call-template>
        <xsl:value-of select="concat(' ', b:received, '&#10;')"/>
      </xsl:if>
    </xsl:for-each>
  </xsl:template>

  <xsl:template match="b:item">
    <xsl:value-of select="concat('  ', @number, '  ', b:title[@lang='zh'], ' / ', b:title[@lang='en'], '  ')"/>
    <xsl:choose>
      <xsl:when test="@passed + @failed + @deviating = 0"><xsl:call-template name="say"><xsl:with-param name="id" select="'left'"/></xsl:call-template></xsl:when>
      <xsl:otherwise>
        <xsl:call-template name="say"><xsl:with-param name="id" select="'passed'"/></xsl:call-template><xsl:value-of select="concat(' ', @passed)"/>
        <xsl:if test="@failed &gt; 0"><xsl:text>, </xsl:text><xsl:call-template name="say"><xsl:with-param name="id" select="'failed'"/></xsl:call-template><xsl:value-of select="concat(' ', @failed)"/></xsl:if>
        <xsl:if test="@deviating &gt; 0"><xsl:text>, </xsl:text><xsl:call-template name="say"><xsl:with-param name="id" select="'deviating'"/></xsl:call-template><xsl:value-of select="concat(' ', @deviating)"/></xsl:if>
        <xsl:if test="@open &gt; 0"><xsl:text>, </xsl:text><xsl:call-template name="say"><xsl:with-param name="id" select="'left'"/></xsl:call-template><xsl:value-of select="concat(' ', @open)"/></xsl:if>
      </xsl:otherwise>
    </xsl:choose>
    <xsl:if test="b:left"><xsl:value-of select="concat('  (', b:left[@lang='zh'], ' / ', b:left[@lang='en'], ')')"/></xsl:if>
    <xsl:text>&#10;</xsl:text>
  </xsl:template>
</xsl:stylesheet>
