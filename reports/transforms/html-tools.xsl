<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- Filter and search. Without a script they could do nothing, so they stay hidden until it shows them. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:r="urn:onecard:result:1"
                xmlns:x="urn:onecard:report:1" exclude-result-prefixes="r x">
  <xsl:template name="tools">
    <section id="tools" role="search" aria-labelledby="tools-name" hidden="hidden">
      <h2 id="tools-name" class="quiet"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'tools'"/></xsl:call-template></h2>
      <p class="find">
        <label for="search" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'search'"/></xsl:call-template></label>
        <xsl:text> </xsl:text>
        <input type="search" id="search" autocomplete="off" spellcheck="false"/>
      </p>
      <fieldset>
        <legend class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'filter'"/></xsl:call-template></legend>
        <xsl:for-each select="$verdicts">
          <label class="i"><input type="checkbox" checked="checked" value="{@id}"/><xsl:text> </xsl:text><xsl:call-template name="say-inline"><xsl:with-param name="id" select="string(@id)"/></xsl:call-template></label>
          <xsl:text> </xsl:text>
        </xsl:for-each>
      </fieldset>
      <p>
        <button type="button" id="expand" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'expand'"/></xsl:call-template></button>
        <xsl:text> </xsl:text>
        <button type="button" id="collapse" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'collapse'"/></xsl:call-template></button>
      </p>
      <p role="status"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'shown'"/></xsl:call-template><xsl:text> </xsl:text><output id="shown"></output></p>
    </section>
  </xsl:template>
</xsl:stylesheet>
