<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- Requirement packs, clause by clause in their holders' words; the challenge that was answered; what the terminal under
     test consisted of. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:r="urn:onecard:result:1"
                xmlns:x="urn:onecard:report:1" exclude-result-prefixes="r x">
  <xsl:template name="packs">
    <xsl:if test="r:pack">
      <xsl:call-template name="heading"><xsl:with-param name="id" select="'packs'"/></xsl:call-template>
      <p class="note"><xsl:call-template name="say"><xsl:with-param name="id" select="'packs-note'"/></xsl:call-template></p>
      <xsl:apply-templates select="r:pack"/>
    </xsl:if>
  </xsl:template>

  <xsl:template match="r:pack">
    <xsl:variable name="name" select="concat('pack-', position())"/>
    <h3 id="{$name}"><xsl:value-of select="concat(@id, ' ', @version)"/></h3>
    <p>
      <xsl:value-of select="@holder"/>
      <xsl:if test="@signer != ''"><xsl:text> · </xsl:text><xsl:value-of select="@signer"/></xsl:if>
      <xsl:text> · </xsl:text>
      <xsl:call-template name="trusted"/>
    </p>
    <p class="hex"><xsl:value-of select="concat('SHA-256 ', @sha256)"/></p>
    <div class="wide" tabindex="0" role="group" aria-labelledby="{$name}">
      <table>
        <xsl:call-template name="caption"><xsl:with-param name="id" select="'packs'"/><xsl:with-param name="quiet" select="true()"/></xsl:call-template>
        <thead><tr>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'pack-clause'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'assessment'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'pack-text'"/></xsl:call-template>
          <xsl:call-template name="th"><xsl:with-param name="id" select="'requirement'"/></xsl:call-template>
        </tr></thead>
        <tbody><xsl:apply-templates select="r:clause"/></tbody>
      </table>
    </div>
  </xsl:template>

  <!-- Whether the signer's certificate led to one that the user trusts. -->
  <xsl:template name="trusted">
    <span class="i"><xsl:call-template name="say-inline">
      <xsl:with-param name="id"><xsl:choose><xsl:when test="@trusted='true' or @trusted='1'">signer-trusted</xsl:when><xsl:otherwise>signer-not-checked</xsl:otherwise></xsl:choose></xsl:with-param>
    </xsl:call-template></span>
  </xsl:template>

  <!-- The worst of its requirements; one that was not decided leaves the clause open. -->
  <xsl:template match="r:pack/r:clause">
    <xsl:variable name="its" select="key('requirement', r:req)"/>
    <xsl:variable name="decided" select="$its[@verdict='PASS']"/>
    <xsl:variable name="assessment">
      <xsl:choose>
        <xsl:when test="@assessable='false' or @assessable='0'">pack-not-assessable</xsl:when>
        <xsl:when test="$its[@verdict='FAIL' or @verdict='DEVIATION']">bad</xsl:when>
        <xsl:when test="not(r:req) or count($its) &lt; count(r:req) or $its[not(@verdict) or @verdict='ERROR' or @verdict='INCONCLUSIVE' or @verdict='NOT_RUN']">not-assessed</xsl:when>
        <xsl:when test="$decided">good</xsl:when>
        <xsl:otherwise>not-applicable</xsl:otherwise>
      </xsl:choose>
    </xsl:variable>
    <tr>
      <th scope="row"><xsl:value-of select="concat(@doc, ' ', @number)"/></th>
      <td><xsl:call-template name="say"><xsl:with-param name="id" select="string($assessment)"/></xsl:call-template></td>
      <td><xsl:call-template name="both"><xsl:with-param name="zh" select="r:text[@lang='zh']"/><xsl:with-param name="en" select="r:text[@lang='en']"/></xsl:call-template></td>
      <td><xsl:for-each select="r:req"><xsl:if test="position() &gt; 1"><br/></xsl:if><xsl:call-template name="requirement-link"><xsl:with-param name="id" select="string(.)"/></xsl:call-template></xsl:for-each></td>
    </tr>
  </xsl:template>

  <xsl:template name="challenge">
    <xsl:for-each select="r:challenge">
      <h3 id="challenge"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'challenge'"/></xsl:call-template></h3>
      <p><xsl:call-template name="say"><xsl:with-param name="id" select="'challenge-note'"/></xsl:call-template></p>
      <table>
        <caption class="quiet"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'challenge'"/></xsl:call-template></caption>
        <tbody>
          <xsl:call-template name="row"><xsl:with-param name="id" select="'challenge-examiner'"/><xsl:with-param name="value" select="@examiner"/></xsl:call-template>
          <tr>
            <th scope="row" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'challenge-signer'"/></xsl:call-template></th>
            <td><xsl:value-of select="@signer"/><xsl:text> · </xsl:text><xsl:call-template name="trusted"/></td>
          </tr>
          <xsl:call-template name="row"><xsl:with-param name="id" select="'challenge-issued'"/><xsl:with-param name="value" select="concat(@issued, ' – ', @expires)"/></xsl:call-template>
          <xsl:call-template name="row"><xsl:with-param name="id" select="'challenge-nonce'"/><xsl:with-param name="value" select="@nonce"/></xsl:call-template>
          <xsl:call-template name="row"><xsl:with-param name="id" select="'challenge-digest'"/><xsl:with-param name="value" select="@sha256"/></xsl:call-template>
        </tbody>
      </table>
    </xsl:for-each>
  </xsl:template>

  <xsl:template name="modules">
    <xsl:for-each select="r:pass[r:module]">
      <xsl:variable name="name" select="concat('modules-', position())"/>
      <h3 id="{$name}"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'modules'"/></xsl:call-template> (<xsl:value-of select="@id"/>)</h3>
      <p><xsl:call-template name="say"><xsl:with-param name="id" select="'modules-note'"/></xsl:call-template></p>
      <div class="wide" tabindex="0" role="group" aria-labelledby="{$name}">
        <table>
          <xsl:call-template name="caption"><xsl:with-param name="id" select="'modules'"/><xsl:with-param name="quiet" select="true()"/></xsl:call-template>
          <thead><tr>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'module-path'"/></xsl:call-template>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'module-place'"/></xsl:call-template>
            <th scope="col">SHA-256</th><th scope="col">SM3</th>
          </tr></thead>
          <tbody>
            <xsl:for-each select="r:module">
              <tr>
                <th scope="row"><code><xsl:value-of select="@path"/></code></th>
                <td><xsl:call-template name="say"><xsl:with-param name="id" select="concat('module-', @place)"/></xsl:call-template></td>
                <td class="hex"><xsl:value-of select="@sha256"/></td>
                <td class="hex"><xsl:value-of select="@sm3"/></td>
              </tr>
            </xsl:for-each>
          </tbody>
        </table>
      </div>
    </xsl:for-each>
  </xsl:template>
</xsl:stylesheet>
