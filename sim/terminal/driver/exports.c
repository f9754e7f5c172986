/* SPDX-License-Identifier: Apache-2.0 */
/* The exported functions: C parameters to named arguments, whose names are those of vectors and virtual terminal. */
#include "sim/terminal/driver/SSCardDriver.h"
#include "sim/terminal/driver/session.h"

#define NUMBER(argument, value)                                                                                       \
    {                                                                                                                 \
        .name = (argument), .is_number = true, .number = (value)                                                      \
    }
#define TEXT(argument, value)                                                                                         \
    {                                                                                                                 \
        .name = (argument), .text = (value)                                                                           \
    }
#define SERVE(...)                                                                                                    \
    const oc_driver_argument arguments[] = {__VA_ARGS__};                                                             \
    return oc_driver_serve(__func__, arguments, sizeof arguments / sizeof arguments[0], pOutInfo)

long SSCARD_CALL iReadCardBas(int iType, char *pOutInfo)
{
    SERVE(NUMBER("type", iType));
}

long SSCARD_CALL iReadCard(int iType, int iAuthType, char *pCardInfo, char *pFileAddr, char *pOutInfo)
{
    SERVE(NUMBER("type", iType), NUMBER("auth", iAuthType), TEXT("card-info", pCardInfo),
          TEXT("file-addr", pFileAddr));
}

long SSCARD_CALL iWriteCard(int iType, char *pCardInfo, char *pFileAddr, char *pWriteData, char *pOutInfo)
{
    SERVE(NUMBER("type", iType), TEXT("card-info", pCardInfo), TEXT("file-addr", pFileAddr),
          TEXT("write-data", pWriteData));
}

long SSCARD_CALL iVerifyPIN(int iType, char *pOutInfo)
{
    SERVE(NUMBER("type", iType));
}

long SSCARD_CALL iChangePIN(int iType, char *pOutInfo)
{
    SERVE(NUMBER("type", iType));
}

long SSCARD_CALL iReloadPIN(int iType, char *pCardInfo, char *pOutInfo)
{
    SERVE(NUMBER("type", iType), TEXT("card-info", pCardInfo));
}

long SSCARD_CALL iUnblockPIN(int iType, char *pCardInfo, char *pOutInfo)
{
    SERVE(NUMBER("type", iType), TEXT("card-info", pCardInfo));
}

long SSCARD_CALL iDoDebit(int iType, char *pCardInfo, char *pPayInfo, char *pOutInfo)
{
    SERVE(NUMBER("type", iType), TEXT("card-info", pCardInfo), TEXT("pay-info", pPayInfo));
}

long SSCARD_CALL iReadDebitRecord(int iType, char *pOutInfo)
{
    SERVE(NUMBER("type", iType));
}

long SSCARD_CALL iReadCardBas_HSM_Step1(int iType, char *pOutInfo)
{
    SERVE(NUMBER("type", iType));
}

long SSCARD_CALL iReadCardBas_HSM_Step2(char *pKey, char *pOutInfo)
{
    SERVE(TEXT("key-data", pKey));
}

long SSCARD_CALL iReadCard_HSM_Step1(int iType, char *pCardInfo, char *pFileAddr, char *pOutInfo)
{
    SERVE(NUMBER("type", iType), TEXT("card-info", pCardInfo), TEXT("file-addr", pFileAddr));
}

long SSCARD_CALL iReadCard_HSM_Step2(char *pKey, char *pOutInfo)
{
    SERVE(TEXT("key-data", pKey));
}

long SSCARD_CALL iWriteCard_HSM_Step1(int iType, char *pCardInfo, char *pFileAddr, char *pOutInfo)
{
    SERVE(NUMBER("type", iType), TEXT("card-info", pCardInfo), TEXT("file-addr", pFileAddr));
}

long SSCARD_CALL iWriteCard_HSM_Step2(char *pKey, char *pWriteData, char *pOutInfo)
{
    SERVE(TEXT("key-data", pKey), TEXT("write-data", pWriteData));
}

long SSCARD_CALL iReloadPIN_HSM_Step1(int iType, char *pCardInfo, char *pOutInfo)
{
    SERVE(NUMBER("type", iType), TEXT("card-info", pCardInfo));
}

long SSCARD_CALL iReloadPIN_HSM_Step2(char *pKey, char *pOutInfo)
{
    SERVE(TEXT("key-data", pKey));
}

long SSCARD_CALL iReloadPIN_HSM_Step3(char *pKey, char *pOutInfo)
{
    SERVE(TEXT("key-data", pKey));
}

long SSCARD_CALL iUnblockPIN_HSM_Step1(int iType, char *pCardInfo, char *pOutInfo)
{
    SERVE(NUMBER("type", iType), TEXT("card-info", pCardInfo));
}

long SSCARD_CALL iUnblockPIN_HSM_Step2(char *pKey, char *pOutInfo)
{
    SERVE(TEXT("key-data", pKey));
}

long SSCARD_CALL iUnblockPIN_HSM_Step3(char *pKey, char *pOutInfo)
{
    SERVE(TEXT("key-data", pKey));
}

long SSCARD_CALL iDoDebit_HSM_Step1(int iType, char *pCardInfo, char *pPayInfo, char *pOutInfo)
{
    SERVE(NUMBER("type", iType), TEXT("card-info", pCardInfo), TEXT("pay-info", pPayInfo));
}

long SSCARD_CALL iDoDebit_HSM_Step2(char *pKey, char *pOutInfo)
{
    SERVE(TEXT("key-data", pKey));
}

long SSCARD_CALL PKI_SignData(char *pUserPin, char *pInData, int iType, char *pOutInfo)
{
    SERVE(TEXT("user-pin", pUserPin), TEXT("in-data", pInData), NUMBER("type", iType));
}

long SSCARD_CALL PKI_VerifySign(char *pUserPin, char *pCert, char *pClearText, char *pSignature, int iType,
                                char *pOutInfo)
{
    SERVE(TEXT("user-pin", pUserPin), TEXT("cert", pCert), TEXT("clear-text", pClearText),
          TEXT("signature", pSignature), NUMBER("type", iType));
}
