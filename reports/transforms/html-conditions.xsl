<?xml version="1.0" encoding="UTF-8"?>
<!-- SPDX-License-Identifier: Apache-2.0 -->
<!-- Under what conditions it was tested; what verdicts and the exit code mean. -->
<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:r="urn:onecard:result:1"
                xmlns:x="urn:onecard:report:1" exclude-result-prefixes="r x">
  <xsl:template name="conditions">
    <xsl:call-template name="heading"><xsl:with-param name="id" select="'conditions'"/></xsl:call-template>
    <table>
      <caption class="quiet"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'conditions'"/></xsl:call-template></caption>
      <tbody>
        <xsl:call-template name="row"><xsl:with-param name="id" select="'command-line'"/><xsl:with-param name="value" select="r:command-line"/></xsl:call-template>
        <xsl:call-template name="row"><xsl:with-param name="id" select="'kernel'"/><xsl:with-param name="value" select="r:environment/@kernel"/></xsl:call-template>
        <xsl:call-template name="row"><xsl:with-param name="id" select="'cpu'"/><xsl:with-param name="value" select="concat(r:environment/@cpu, ' × ', r:environment/@processors)"/></xsl:call-template>
        <xsl:call-template name="row"><xsl:with-param name="id" select="'libraries'"/><xsl:with-param name="value" select="concat('onecard ', @suite-version, ', OpenSSL ', r:environment/@openssl, ', libxml2 ', r:environment/@libxml2, ', pcsc-lite ', r:environment/@pcsclite, ', ', r:environment/@compiler)"/></xsl:call-template>
        <xsl:call-template name="row"><xsl:with-param name="id" select="'clock'"/><xsl:with-param name="value" select="concat(r:environment/@clock, ', ', r:environment/@clock-source, ', governor ', r:environment/@governor)"/></xsl:call-template>
        <tr>
          <th scope="row" class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'exit-code'"/></xsl:call-template></th>
          <td><code><xsl:value-of select="@exit-code"/></code><xsl:text> </xsl:text><xsl:if test="$t[@id=concat('exit-', current()/@exit-code)]"><xsl:call-template name="say"><xsl:with-param name="id" select="concat('exit-', @exit-code)"/></xsl:call-template></xsl:if></td>
        </tr>
        <xsl:call-template name="row"><xsl:with-param name="id" select="'resumes'"/><xsl:with-param name="value" select="@resumes"/></xsl:call-template>
        <xsl:call-template name="row"><xsl:with-param name="id" select="'vectors-digest'"/><xsl:with-param name="value" select="r:vectors/@sha256"/></xsl:call-template>
      </tbody>
    </table>
    <xsl:if test="r:vectors/r:file">
      <details>
        <summary class="i"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'vector-files'"/></xsl:call-template> (<xsl:value-of select="count(r:vectors/r:file)"/>)</summary>
        <table>
          <caption class="quiet"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'vector-files'"/></xsl:call-template></caption>
          <thead><tr><xsl:call-template name="th"><xsl:with-param name="id" select="'vector'"/></xsl:call-template><th scope="col">SHA-256</th></tr></thead>
          <tbody>
            <xsl:for-each select="r:vectors/r:file"><tr><th scope="row"><code><xsl:value-of select="@path"/></code></th><td class="hex"><xsl:value-of select="@sha256"/></td></tr></xsl:for-each>
          </tbody>
        </table>
      </details>
    </xsl:if>
    <xsl:call-template name="challenge"/>
    <xsl:call-template name="modules"/>
    <xsl:for-each select="r:pass[r:ledger]">
      <h3><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'ledger'"/></xsl:call-template> (<xsl:value-of select="@id"/>)</h3>
      <p><xsl:call-template name="say"><xsl:with-param name="id" select="'ledger-note'"/></xsl:call-template></p>
      <table>
        <caption class="quiet"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'ledger'"/></xsl:call-template></caption>
        <thead>
          <tr>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'ledger-of'"/></xsl:call-template>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'ledger-left'"/></xsl:call-template>
            <xsl:call-template name="th"><xsl:with-param name="id" select="'ledger-spent'"/></xsl:call-template>
          </tr>
        </thead>
        <tbody>
          <xsl:for-each select="r:ledger/r:tries">
            <tr>
              <th scope="row"><code><xsl:value-of select="@of"/></code></th>
              <td>
                <xsl:choose>
                  <xsl:when test="@left"><xsl:value-of select="@left"/></xsl:when>
                  <xsl:otherwise><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'ledger-full'"/></xsl:call-template></xsl:otherwise>
                </xsl:choose>
              </td>
              <td><xsl:value-of select="@spent"/></td>
            </tr>
          </xsl:for-each>
          <xsl:call-template name="row"><xsl:with-param name="id" select="'ledger-loads'"/><xsl:with-param name="value" select="r:ledger/@loads"/></xsl:call-template>
          <xsl:call-template name="row"><xsl:with-param name="id" select="'ledger-debits'"/><xsl:with-param name="value" select="r:ledger/@debits"/></xsl:call-template>
        </tbody>
      </table>
    </xsl:for-each>
    <h3 id="verdicts"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'verdicts'"/></xsl:call-template></h3>
    <table>
      <caption class="quiet"><xsl:call-template name="say-inline"><xsl:with-param name="id" select="'verdicts'"/></xsl:call-template></caption>
      <tbody>
        <xsl:for-each select="$verdicts">
          <tr>
            <th scope="row"><xsl:call-template name="badge"><xsl:with-param name="verdict" select="string(@id)"/></xsl:call-template></th>
            <td><xsl:call-template name="say"><xsl:with-param name="id" select="concat('mean-', @id)"/></xsl:call-template></td>
          </tr>
        </xsl:for-each>
      </tbody>
    </table>
  </xsl:template>
</xsl:stylesheet>
