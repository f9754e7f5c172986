<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- Series side by side over the links, the empty exchange beside them. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:r="urn:onecard:result:1"
                xmlns:x="urn:onecard:report:1" exclude-result-prefixes="r x">
  <xsl:key name="series" match="r:series" use="concat(@kind, ' ', @name)"/>
  <xsl:key name="empty" match="r:series[@kind='empty']" use="@pass"/>

  <xsl:template name="latency">
    <xsl:call-template name="heading"><xsl:with-param name="id" select="'latency'"/></xsl:call-template>
    <xsl:choose>
      <xsl:when test="not(r:latency/r:series[@kind != 'empty'])"><p><xsl:call-template name="say"><xsl:with-param name="id" select="'no-latency'"/></xsl:call-template></p></xsl:when>
      <xsl:otherwise>
        <p class="note"><xsl:call-template name="say"><xsl:with-param name="id" select="'latency-note'"/></xsl:call-template></p>
        <xsl:if test="r:pass[@virtual='true' or @virtual='1']"><p><strong><xsl:call-template name="say"><xsl:with-param name="id" select="'limit-latency'"/></xsl:call-template></strong></p></xsl:if>
        <p class="note"><xsl:call-template name="say"><xsl:with-param name="id" select="'few-samples'"/></xsl:call-template></p>
        <xsl:call-template name="latency-table"><xsl:with-param name="kind" select="'class'"/></xsl:call-template>
        <xsl:call-template name="latency-table"><xsl:with-param name="kind" select="'function'"/></xsl:call-template>
        <xsl:call-template name="latency-table"><xsl:with-param name="kind" select="'part'"/></xsl:call-template>
        <xsl:call-template name="latency-table"><xsl:with-param name="kind" select="'flow'"/></xsl:call-template>
      </xsl:otherwise>
    </xsl:choose>
  </xsl:template>

  <xsl:template name="latency-table">
    <xsl:param name="kind"/>
    <xsl:if test="r:latency/r:series[@kind=$kind]">
      <div class="wide">
        <table>
          <caption class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="concat('latency-', $kind)"/></xsl:call-template></caption>
          <thead><tr>
            <xsl:call-template name="th"><xsl:with-param name="id" select="$kind"/></xsl:call-template>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'pass'"/></xsl:call-template>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'samples'"/><xsl:with-param name="class" select="'n'"/></xsl:call-template>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'minimum'"/><xsl:with-param name="class" select="'n'"/></xsl:call-template>
            <th scope="col" class="n">p50</th>
            <th scope="col" class="n">p90</th>
            <th scope="col" class="n">p99</th>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'maximum'"/><xsl:with-param name="class" select="'n'"/></xsl:call-template>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'empty'"/><xsl:with-param name="class" select="'n'"/></xsl:call-template>
          </tr></thead>
          <tbody>
            <xsl:for-each select="r:latency/r:series[@kind=$kind][count(. | key('series', concat(@kind, ' ', @name))[1]) = 1]">
              <xsl:sort select="@name"/>
              <xsl:variable name="group" select="key('series', concat(@kind, ' ', @name))"/>
              <xsl:for-each select="$group">
                <tr>
                  <xsl:if test="position() = 1"><th scope="rowgroup" rowspan="{count($group)}"><xsl:value-of select="@name"/></th></xsl:if>
                  <td><xsl:call-template name="id"><xsl:with-param name="id" select="@pass"/></xsl:call-template></td>
                  <td class="n"><xsl:value-of select="@n"/></td>
                  <td class="n"><xsl:call-template name="microseconds"><xsl:with-param name="ns" select="@min-ns"/></xsl:call-template></td>
                  <td class="n"><xsl:call-template name="microseconds"><xsl:with-param name="ns" select="@p50-ns"/></xsl:call-template></td>
                  <td class="n"><xsl:call-template name="microseconds"><xsl:with-param name="ns" select="@p90-ns"/></xsl:call-template></td>
                  <td class="n"><xsl:call-template name="microseconds"><xsl:with-param name="ns" select="@p99-ns"/></xsl:call-template></td>
                  <td class="n"><xsl:call-template name="microseconds"><xsl:with-param name="ns" select="@max-ns"/></xsl:call-template></td>
                  <td class="n zero"><xsl:if test="key('empty', @pass)"><xsl:call-template name="microseconds"><xsl:with-param name="ns" select="key('empty', @pass)/@p50-ns"/></xsl:call-template></xsl:if></td>
                </tr>
              </xsl:for-each>
            </xsl:for-each>
          </tbody>
        </table>
      </div>
    </xsl:if>
  </xsl:template>
</xsl:stylesheet>
