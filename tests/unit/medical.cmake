# SPDX-License-Identifier: Apache-2.0
oc_test(medical_dialogue_test.c LABEL unit USES oc_medical)
target_sources(medical_dialogue_test PRIVATE medical_kit.c)
oc_test(medical_signature_test.c LABEL unit USES oc_medical)
oc_test(medical_engine_test.c LABEL unit USES oc_medical)
oc_test(medical_person_test.c LABEL unit USES oc_medical)
oc_test(medical_check_test.c LABEL unit USES oc_medical)
oc_test(ecard_test.c LABEL unit USES oc_ecard)
target_sources(ecard_test PRIVATE medical_kit.c)
