/* SPDX-License-Identifier: Apache-2.0 */
#ifndef OC_TERMINAL_DRIVER_SSCARDDRIVER_H
#define OC_TERMINAL_DRIVER_SSCARDDRIVER_H

/* 社会保障卡读写终端驱动接口（LD/T 33、LD/T 6001.5 所列函数）。
 * The driver interface of social security card terminals (the functions named by LD/T 33 and LD/T 6001.5).
 *
 * 返回值：0 成功，负数失败；卡片状态字以其负的十进制值返回。失败时 pOutInfo 为中文错误说明。
 * Result: 0 success, negative failure; a card's status word comes back as its negative decimal value. On failure
 * pOutInfo holds the reason in Chinese.
 *
 * 字符串均为 GB18030 编码，以 NUL 结尾；各项以 | 结束。密码由持卡人在密码键盘输入，不作为参数传递。
 * All strings are GB18030 and end with a NUL; items are closed by |. PINs are typed on the key pad by the holder and
 * are no parameters, with the exception of pUserPin.
 *
 * pOutInfo 至少 1024 字节；iReadCard、iReadCard_HSM_Step2 和 iReadDebitRecord 至少 65536 字节。
 * pOutInfo has room for 1,024 bytes; for iReadCard, iReadCard_HSM_Step2 and iReadDebitRecord for 65,536.
 *
 * iType: 1 接触 contact, 2 非接触 contactless, 3 自动（接触优先） either, contact first,
 *        4 自动（非接触优先） either, contactless first
 * pCardInfo: 卡识别码|卡号|  card identifier|card number|
 * pFileAddr: 文件|项|项|$    FILE|item|item|$, for example SSSEEF06|08|09|$DF01EF05|20|$
 *
 * 可由多个线程调用，调用依次执行；一个进程只有一个会话。
 * Any thread may call; calls are served one after the other, and a process has one session. */

#if defined(_WIN32)
#define SSCARD_CALL __stdcall
#else
#define SSCARD_CALL
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* 读基本信息。pOutInfo: 发卡地区代码|社会保障号码|卡号|卡识别码|姓名|复位信息|规范版本|发卡日期|有效期|终端机编号|终端设备号|
 * Basic information: the eleven items above. */
long SSCARD_CALL iReadCardBas(int iType, char *pOutInfo);
/* 通用读卡。iAuthType: 1 密码, 2 密钥。Reads items. iAuthType: 1 by PIN, 2 by key. */
long SSCARD_CALL iReadCard(int iType, int iAuthType, char *pCardInfo, char *pFileAddr, char *pOutInfo);
/* 通用写卡。pWriteData 与 pFileAddr 同形，以值代项。Writes items: pWriteData has values in place of the tags. */
long SSCARD_CALL iWriteCard(int iType, char *pCardInfo, char *pFileAddr, char *pWriteData, char *pOutInfo);

/* 校验密码。Verifies the PIN. */
long SSCARD_CALL iVerifyPIN(int iType, char *pOutInfo);
/* 修改密码。Changes the PIN: old, new, new again. */
long SSCARD_CALL iChangePIN(int iType, char *pOutInfo);
/* 重置密码。Sets a new PIN with the key of the PSAM. */
long SSCARD_CALL iReloadPIN(int iType, char *pCardInfo, char *pOutInfo);
/* 解锁密码。Unblocks the PIN. */
long SSCARD_CALL iUnblockPIN(int iType, char *pCardInfo, char *pOutInfo);

/* 扣款。pPayInfo: 金额|金额|YYYYMMDDhhmmss|，单位元。Debit: own|pooled|date and time|, in yuan. */
long SSCARD_CALL iDoDebit(int iType, char *pCardInfo, char *pPayInfo, char *pOutInfo);
/* 读扣款记录。Reads the records of debits. */
long SSCARD_CALL iReadDebitRecord(int iType, char *pOutInfo);

/* 基于加密机的函数：第一步输出送加密机，加密机结果由 pKey 传入下一步；各步之间卡片不得断电。
 * With a security module at the back-end: what Step1 gives goes there, what comes back is the next step's pKey. The
 * card stays powered between the steps; any other call ends the sequence. */
long SSCARD_CALL iReadCardBas_HSM_Step1(int iType, char *pOutInfo);
long SSCARD_CALL iReadCardBas_HSM_Step2(char *pKey, char *pOutInfo);
long SSCARD_CALL iReadCard_HSM_Step1(int iType, char *pCardInfo, char *pFileAddr, char *pOutInfo);
long SSCARD_CALL iReadCard_HSM_Step2(char *pKey, char *pOutInfo);
long SSCARD_CALL iWriteCard_HSM_Step1(int iType, char *pCardInfo, char *pFileAddr, char *pOutInfo);
long SSCARD_CALL iWriteCard_HSM_Step2(char *pKey, char *pWriteData, char *pOutInfo);
/* 第二步的 pOutInfo 含密码明文（接口如此规定），不得记录。
 * pOutInfo of Step2 holds the PIN in clear, as the interface has it: do not log it. */
long SSCARD_CALL iReloadPIN_HSM_Step1(int iType, char *pCardInfo, char *pOutInfo);
long SSCARD_CALL iReloadPIN_HSM_Step2(char *pKey, char *pOutInfo);
long SSCARD_CALL iReloadPIN_HSM_Step3(char *pKey, char *pOutInfo);
long SSCARD_CALL iUnblockPIN_HSM_Step1(int iType, char *pCardInfo, char *pOutInfo);
long SSCARD_CALL iUnblockPIN_HSM_Step2(char *pKey, char *pOutInfo);
long SSCARD_CALL iUnblockPIN_HSM_Step3(char *pKey, char *pOutInfo);
long SSCARD_CALL iDoDebit_HSM_Step1(int iType, char *pCardInfo, char *pPayInfo, char *pOutInfo);
long SSCARD_CALL iDoDebit_HSM_Step2(char *pKey, char *pOutInfo);

/* 数字证书应用：签名与验签。The certificate application: sign, and verify a signature. */
long SSCARD_CALL PKI_SignData(char *pUserPin, char *pInData, int iType, char *pOutInfo);
long SSCARD_CALL PKI_VerifySign(char *pUserPin, char *pCert, char *pClearText, char *pSignature, int iType,
                                char *pOutInfo);

#ifdef __cplusplus
}
#endif
#endif
