# SPDX-License-Identifier: Apache-2.0
"""The sentences of the self-test's pages in both languages."""

TEXTS = {
    "title": ("What the harness proves about itself", "测试工具的自我证明"),
    "opening": (
        "A test that accepts everything is worth nothing. These pages say what this project's tests find when something is\n"
        "wrong, and what happens when the machinery itself fails. They are made by `tests/self_test/self_test.py` from the files\n"
        "in [data](data), which the campaigns write; a test checks that both agree. Where a campaign was shorter than it could be,\n"
        "the table says how long it was.\n",
        "什么都能通过的测试毫无价值。这些页面说明：被测对象有错时本项目的测试能否发现，测试设施自身出故障时会怎样。页面由\n"
        "`tests/self_test/self_test.py`根据[data](data)中各项试验写出的文件生成，并有测试核对两者一致。试验做了多久，表中如实写明。\n"),
    "not-run": ("Not run yet.\n", "尚未进行。\n"),
    "head-mutants": ("Mutants", "变异体"),
    "about-mutants": (
        "Implementations with one defect each, in every role. A mutant is killed when a case fails that the right implementation\n"
        "passes; by its requirement, when such a case checks the requirement that the defect violates. Each mutant:\n"
        "[data/mutants.csv](data/mutants.csv). The matrix of mutants and killing cases: [data/matrix.csv.gz](data/matrix.csv.gz).\n",
        "各角色的实现各带一处缺陷。正确实现能通过而变异体通不过某案例，即为“杀死”；该案例检查的正是缺陷所违反的要求，即为“由该要求杀死”。\n"
        "逐个变异体见[data/mutants.csv](data/mutants.csv)，变异体与杀死它的案例的矩阵见[data/matrix.csv.gz](data/matrix.csv.gz)。\n"),
    "idle": ("Of {cases} cases that the right implementations pass, {idle} kill no mutant; {unbroken} of these check requirements that no\n"
             "mutant breaks.\n",
             "正确实现通过的{cases}个案例中，{idle}个没有杀死任何变异体，其中{unbroken}个检查的要求没有变异体违反。\n"),
    "head-null": ("Null devices", "空装置"),
    "about-null": (
        "Devices that implement nothing, or the right thing at the wrong time. Whatever such a device passes shows what the cases\n"
        "do not demand, and has to have a reason. Each case that one of them passes is listed; over all runs of a device.\n",
        "什么都不实现或在错误时刻给出正确应答的装置。它能通过的案例说明要求未及之处，须有理由。所列为各装置全部运行中通过的每个案例。\n"),
    "null-short": ("The short form: one profile, few files of cases, two seeds.\n", "简短形式：一种卡片配置，少数案例文件，两个种子。\n"),
    "head-foreign": ("A second runner", "第二个运行器"),
    "about-foreign": (
        "A small runner in Python, written from `vectors/README.md` alone, executes the card vectors with its own cryptography. Cases\n"
        "are compared verdict by verdict. What a card behind a pipe cannot do (tears in mid-write, issuing) is left out.\n",
        "仅据`vectors/README.md`写成的小型Python运行器，用自己的密码实现执行卡片向量，逐案例比较结论。管道后的卡片做不到的（写入中掉电、发卡）不计。\n"),
    "head-faults": ("Faults in mid-run", "运行中的故障"),
    "about-faults": (
        "The runner is killed at random moments, the daemon dies or hangs, readers and cards are pulled, disks fill up, what is under\n"
        "test ends. A trial fails when a result is lost, doubled or changed, when the totals differ from an undisturbed run, or when\n"
        "the run does not end as documented. Withheld: cases of a card not our own that stay NOT_RUN, since the tries that its PIN has\n"
        "left were not seen before the fault.\n",
        "在随机时刻杀死运行器，守护进程崩溃或挂起，拔出读卡器与卡，写满磁盘，被测对象退出。结果丢失、重复或改变，总数与未受扰动的运行不同，\n"
        "或未按文档规定结束，即为失败。“未发送”：外来卡的案例，因故障前未看到PIN剩余次数而保持NOT_RUN。\n"),
    "head-fuzzing": ("Fuzzing", "模糊测试"),
    "about-fuzzing": (
        "libFuzzer with AddressSanitizer and UndefinedBehaviorSanitizer, beside other work of the machine: the processor time says how\n"
        "much was really done. Lines: of the parser's own sources, reached by the inputs that were kept.\n",
        "libFuzzer配合AddressSanitizer与UndefinedBehaviorSanitizer，与机器上其他工作同时进行：处理器时间才是实际所用。行数：所留输入在该解析器源文件中\n"
        "到达的行。\n"),
    "fuzz-total": ("{hours} hours in all, {processor} of processor time.\n", "共{hours}小时，处理器时间{processor}小时。\n"),
    "head-soak": ("Soak", "长时间运行"),
    "about-soak": (
        "Sessions of a realistic mixture, in one process. The rules, after a warm-up of a tenth: heap in use within 1 per cent, no more\n"
        "descriptors or threads, no drift of the processor time a session takes (`tests/soak/judge.h`).\n",
        "在一个进程内进行现实混合的会话。预热十分之一之后的规则：在用堆内存变化不超过1%，描述符与线程不增加，每会话处理器时间不漂移\n"
        "（`tests/soak/judge.h`）。\n"),
    "sum-mutants": ("{killed} of {counted} killed, {requirement} of them by a case of the very requirement; {equivalent} more are equivalent",
                    "{counted}个中杀死{killed}个，其中{requirement}个由所违反的要求的案例杀死；另有{equivalent}个等价"),
    "sum-null": ("{devices} devices; every case that one passes has its reason", "{devices}种装置；通过的每个案例都有理由"),
    "sum-foreign": ("{agree} of {compared} verdicts agree, {cards} cards and links", "{cards}种卡与连接，{compared}个结论中{agree}个一致"),
    "sum-faults": ("{trials} trials, {failures} failures", "{trials}次试验，{failures}次失败"),
    "sum-fuzzing": ("{targets} targets, {executions} executions, {hours} h ({processor} h of processor time), {found} open findings",
                    "{targets}个目标，{executions}次执行，{hours}小时（处理器时间{processor}小时），未解决的发现{found}个"),
    "sum-soak": ("{sessions} sessions, {failed} failed; heap within {spread}; {broken} rules broken",
                 "{sessions}个会话，失败{failed}个；堆内存变化{spread}以内；违反规则{broken}条"),
    "what": ("what", "项目"), "result": ("result", "结果"), "actor": ("role", "角色"), "mutants": ("mutants", "变异体"),
    "killed": ("killed", "杀死"), "survived": ("survived", "存活"), "equivalent": ("equivalent", "等价"),
    "contradicted": ("said to be equivalent, but found", "称为等价但被发现"), "error": ("error", "出错"),
    "by-requirement": ("by a case of its requirement", "由所违反要求的案例"), "by-check": ("by a check of it", "由对该要求的检查"), "score": ("score", "得分"), "mutant": ("mutant", "变异体"),
    "status": ("status", "状态"), "reason": ("defect, or why it is equivalent", "缺陷，或等价的理由"),
    "card": ("card", "卡"), "psam": ("PSAM", "PSAM"), "terminal": ("terminal and driver", "终端与驱动"),
    "host": ("back-end", "后台"), "issuer": ("issuer", "发卡方"), "all": ("all", "合计"),
    "device": ("device", "装置"), "runs": ("runs", "运行次数"), "cases-passed": ("cases that pass", "通过的案例"), "judged": ("cases judged", "判定案例"), "passed": ("passed", "通过"), "why": ("why that is right", "为何正确"),
    "card-run": ("card", "卡"), "compared": ("verdicts compared", "比较的结论"), "agree": ("agree", "一致"),
    "campaign": ("campaign", "试验"), "fault": ("fault", "故障"), "trials": ("trials", "次数"), "kills": ("kills", "杀死次数"), "not-sent": ("withheld", "未发送"), "commit": ("state", "版本"), "failures": ("failures", "失败"),
    "target": ("target", "目标"), "reads": ("what it reads", "读取内容"), "time": ("time", "时间"), "processor": ("processor time", "处理器时间"),
    "executions": ("executions", "执行次数"), "inputs": ("inputs", "输入"), "lines": ("lines reached", "到达的行"),
    "found": ("open findings", "未解决的发现"), "soak": ("link", "连接"), "sessions": ("sessions", "会话"), "failed": ("failed", "失败"),
    "heap-spread": ("heap in use, most to least", "在用堆内存最大与最小之差"), "descriptors": ("descriptors", "描述符"),
    "drift": ("last third to first", "末段与首段之比"), "rules-broken": ("rules broken", "违反的规则"),
}


class Words:
    def __init__(self, language):
        self.language = language

    def __call__(self, name, **values):
        return TEXTS[name][self.language == "zh"].format(**values)
