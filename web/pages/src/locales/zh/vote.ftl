next = 下一步
finish = 完成
stop = 不投票，退出

# 帮助
help-who = 丢失了选举码，或有疑问？请联系给您寄信的人。本页面无法查看或补发选举码。
how = 工作原理
how-seal = 本页面读取并核对选举的全部公开记录，然后在您自己的设备里把选票封好。任何人（包括服务器）都看不到您选了什么。计票时只会合并统计所有选票。
how-check = 您可以检验这台设备封存的是否就是您所选的：让它拆开一张选票而不是投出，再用另一台设备查看。设备事先不知道您会检验哪一张。
how-device = 如果设备上有恶意软件，它仍能看到您的选择。请使用您信任的设备。这里的一切也可以用程序完成：

# 开始
opening = 正在打开选举
phase = 状态
phase-setup = 正在准备，投票尚未开始。
phase-voting = 投票正在进行。
phase-closed = 投票已经结束。
phase-failed = 这场选举已终止，没有结果。
opens = 投票开始
closes = 投票结束
before = { $number ->
   *[other] 请准备好 { $number } 封带有选举码的信。投票只需几分钟；在最后按下“投出我的选票”之前，一切都不算数。
}
start = 开始投票
also = 您还可以
find = 查找我的选票
voted = 我的选举码投过票吗？
kept-receipt = 核对我保存的回执
examine = 核对另一台设备的选票
read-again = 重新读取记录
fingerprint-why = 它必须与您信中的一致。如果不一致，请不要在这里投票。
log = 公开记录
log-read = 本设备已读取并核对 { $entries } 条记录。
pages = 本次选举指定的投票页面
pages-why = 选举用这个数字指定投票页面。虚假的页面也能显示它，所以在这里看到它并不能证明什么；其他人可以用它核对这台服务器给出的页面。
pages-here = 选票由提供本页面的服务器接收。
pages-boards = 选票由以下地址接收：
witnessed-not-required = 这场选举不要求独立见证人。
witnessed-not-judged = 未查看见证人。
witnessed-awaiting = 已有 { $number } 位见证人确认最新状态，人数尚不足。
witnessed-quorum = 已有 { $number } 位独立见证人确认此状态。
held = 您有一张选票已在本设备上签好，但不知道是否送达。再次发送是安全的：它只会计一次。

# 选举码
your-code = 您的选举码
code = 选举码
code-of = 选举码 { $number }，来自
code-where = 选举码在您的信里。它只在本页面内使用，不会发给任何人。
code-hint = 不区分大小写，空格可有可无。也可以粘贴信中的整行文字。
scan-letter = 扫描而不是输入
scan-letter-why = 信中选举码旁边有一个方形图案（二维码）。图像只留在本设备上。
scanned = 已读取信件。
camera = 使用摄像头
camera-off = 关闭摄像头
camera-picture = 摄像头画面
picture = 或选择一张图片
no-camera = 无法使用摄像头。请改为选择图片。
no-qr = 这张图片中没有找到二维码。

# 各项选举
contest-of = 第 { $number } 项，共 { $total } 项
unit = 您的选票属于
weight = 您的一票按 { $weight } 票计算。
revote = 此选举码之前已投出 { $number } 张选票。如果再投一张，只有最后一张计票。
rule-choose-one = 请选一项。
rule-choose = { $minimum ->
    [0] 最多可选 { $maximum } 项。
   *[other] 请至少选 { $minimum } 项，至多选 { $maximum } 项。
}
rule-choose-exactly = 请正好选 { $maximum } 项。
rule-score = 请给每一项打 0 到 { $top } 分。
rule-cumulative = 最多分配 { $points } 分，每项至多 { $most } 分。
rule-cumulative-exactly = 请正好分配 { $points } 分，每项至多 { $most } 分。
rule-budget = 最多分配 { $pot } { $currency }，以 { $step } 为一档。
rule-positional = 请排出至少 { $minimum } 个、至多 { $maximum } 个名次：1 为最佳。各名次的分值为 { $points }。
rule-pairwise = 请任意排出若干名次：1 为最佳。未排的都在其后。
rule-pairwise-complete = 请排出全部名次：1 为最佳。
rule-question = 请选一项。提案至少需要 { $denominator } 分之 { $numerator } 的选票才能通过。
rule-lists = 总共至少选 { $minimum } 人，至多选 { $maximum } 人。
rule-lists-whole = 请选择一份完整名单，或至少 { $minimum } 人、至多 { $maximum } 人。
rule-linked = 请回答问题。有些问题只在给出某个答案后才会出现。
rule-blank = 也可以留空。
leave-blank = 此项留空
chosen = 已选 { $chosen } 项，最多 { $maximum } 项
too-many = 已选 { $chosen } 项，多了 { $over } 项：最多 { $maximum } 项。请去掉 { $over } 项。
chosen-in-all = 总共已选 { $chosen } 人，最多 { $maximum } 人
list-limit = 此名单上最多 { $limit } 人
points-left = 已分配 { $total } 分，共 { $points } 分，还剩 { $rest } 分
points-over = 已分配 { $total } 分，多了 { $rest } 分：只能分配 { $points } 分
money-left = 已分配 { $total } { $currency }，共 { $pot }，还剩 { $rest }
money-over = 已分配 { $total } { $currency }，多了 { $rest }：总共只有 { $pot }
no-place = 无名次
move-up = 将 { $name } 上移
move-down = 将 { $name } 下移
place-is = { $name } 现在排第 { $place }。
place-none = { $name } 现在没有名次。
places-full = 名次已满。请先去掉一个。
ranked = 已排 { $chosen } 个名次，共 { $maximum } 个
how-to-choose = 您想怎样选择？
one-by-one = 逐人选择
whole-list = 完整名单：
list-wins = 选择完整名单期间，下面勾选的人不计入。
asked-because = 因为您选择了“{ $name }”，所以提出此问题。
no-answer = 不回答
to-review = 返回总览

# 总览
review = 请检查您的选票
review-why = 请核对每一项答案。一切都可以修改。
change = 修改
left-blank = 留空
nothing-chosen = 未选择
points = { $amount } 分
money = { $amount } { $currency }
warn-blank = 您将此项留空。这是允许的。
warn-nothing = 您在此项没有选择。这是允许的。
warn-fewer = 您选了 { $chosen } 项，最多可选 { $maximum } 项。这是允许的。
warn-points = 还有 { $rest } 分未分配。这是允许的。
warn-money = 还有 { $rest } { $currency } 未分配。这是允许的。
seal = 封存我的选票
sealing = 正在封存……

# 已封存
sealed = 您的选票已封存
not-cast = 您的选票尚未投出。
tracker = 您的追踪码
tracker-why = 以后可以用它在公开记录中找到您的选票。它不会显示您的选择。请抄下或复制。
cast = 投出我的选票
copy-tracker = 复制追踪码
or = 或先检验这台设备
check-this = 核对这张选票，而不投出
check-why = 本设备会展示封存选票里的内容，由另一台设备核对是否就是您所选的。拆开的选票会作废，永不计票；之后您再封存一张新的。
check-how = 您需要第二台设备，例如您信任的人的手机，大约两分钟。请先抄下追踪码。
open-ballot = 拆开这张选票进行核对
change-answers = 修改我的答案

# 已拆开
opened = 用另一台设备核对这张选票
opened-not-cast = 这张选票已拆开。它没有投出，也永远不会计票。
opened-secret = 核对的人会看到其中内容。检验时您可以随意选择。
opened-link = 在第二台设备上打开此地址：
qr-link = 地址的二维码
opened-tracker = 在那里输入此追踪码：
opened-give = 让它扫描此图案，或交给它此文件：
opened-file-only = 交给它此文件（这张选票太大，无法做成二维码）：
qr-opening = 已拆开选票的二维码
save-opening = 保存拆开的选票
opened-compare = 比较它显示的内容与您的选择。
vote-now = 返回我的选票，重新封存

# 投出
sending = 正在投出您的选票
sending-wait = 正在发送您的选票，请稍候……
unknown = 不知道您的选票是否送达
unknown-state = 不知道您的选票是否已被记录。
unknown-kept = 封存的选票已保存在本设备上。请现在或稍后再次发送：用同一浏览器回到本页面即可。它只会计一次。
unknown-not-kept = 此浏览器无法保存封存的选票。发送成功之前请不要关闭本页面。它只会计一次。
send-again = 再次发送
displaced = 您的另一张选票先到
displaced-state = 这张选票没有被记录：期间已有用您的选举码投出的另一张选票被记录。
displaced-why = 那是记录中的第 { $entry } 条。如果不是您本人所投，请告知给您寄信的人。如果希望这一张计票，请再次投票。
refused = 公告板不接受这张选票
refused-why = 没有任何内容被记录。如果理由不对，请保存本页面的截图，交给选举机构和观察员。
lie = 公告板违背了承诺
lie-state = 公告板的回答不可能是真的。您的选票可能没有被记录。
lie-why = 请保存它的回答：这可能向所有人证明公告板有错。请交给观察员或选举机构。封存的选票仍保存在本设备上。
save-evidence = 保存该回答
recorded = 您的选票已投出
recorded-state = 您的选票已投出并已记录。
recorded-entry = 公开记录第 { $entry } 条。
receipt-what = 回执证明这张选票在记录中。万一它不见了，您可以据此证明。
receipt-not = 回执和追踪码不会显示您的选择。本页面现在会忘记您的选票和选举码；只有您保存的内容会留下。
receipt-awaiting = 见证人尚未确认此条记录。请稍后通过“查找我的选票”获取最终回执。
save-receipt = 保存回执
print = 打印
qr-tracker = 追踪码的二维码

# 查找
find-why = 您的设备会读取全部记录并自行查找。没有人知道您在找哪张选票。
tracker-hint = 输入全部，或至少前 8 个字符。不区分大小写，空格可有可无。
search = 查找
find-none = 记录中没有此追踪码的选票。
voted-none = 记录中没有此选举码的选票。
found = 找到 { $number } 张选票
fate-counts = 这张选票计票。
fate-superseded = 这张选票已被后来的一张取代（第 { $later } 条）。只有最后一张计票。
fate-overridden = 这张选票不计票：登记机构已将其取消。
fate-audited = 这张选票已为检验而拆开，不计票。
reason = 理由：
make-receipt = 制作回执
kept-why = 回执在本设备上针对这场选举进行核对。
receipt-file = 回执文件
receipt-good = 回执有效。

# 第二台设备
examine-why = 有人在另一台设备上封存了一张选票，并为检验而拆开。本设备会查明里面到底是什么。
examine-election = 选举
shown-tracker = 另一台设备显示的追踪码
shown-hint = 请输入拆开之前显示的追踪码，至少 8 个字符。
opening-how = 拆开的选票
opening-file = 或选择其文件
opening-text = 或粘贴其文字
opening-taken = 已取得拆开的选票。
examine-now = 核对
examined = 选票的内容
examined-state = 选票封存正确，追踪码与所显示的一致。
examined-compare = 请比较：这是在另一台设备上所选的吗？如果不是，那台设备在作弊。
examined-after = 这张选票永不计票。要投票，请在另一台设备上重新封存一张。
another = 核对另一张选票
cheated = 另一台设备的行为与其显示不符
cheated-do = 请不要用那台设备投票。请保留拆开选票的文件，并告知选举机构和观察员。

# 故障
fault-no-randomness = 此设备无法提供可靠的随机数，因此没有封存任何内容。请使用其他设备。
fault-bad-request = 页面与其工作部分不匹配。请重新载入页面。
fault-code-missing = 请输入选举码 { $number }。
fault-code-length = 选举码有 24 个字符，这里有 { $found } 个。请与信件核对。
fault-code-character = 第 { $position } 个字符不会出现在选举码中。请与信件核对。
fault-code-check = 选举码有输入错误。请与信件核对。
fault-code-number = 这场选举需要 { $expected } 个选举码，您给出了 { $found } 个。
fault-code-no-key = 用这些选举码无法生成密钥。请与信件核对。
fault-code-unknown = 这些选举码不在这场选举的名册上。请与信件核对。如果无误，请联系给您寄信的人。
fault-code-replaced = 此选举码已被新的取代。请使用最新的信。
fault-code-overridden = 此选举码的投票已被登记机构取消（第 { $entry } 条）：{ $reason }
fault-letter-form = 这不是信中的那一行。请完整复制。
fault-letter-other-election = 这封信属于另一场选举。
fault-letter-order = 第 { $number } 封信来自登记机构 { $registrar }。请填在相应位置。
fault-letter-registrar = 第 { $number } 封信写的是登记机构 { $registrar }，这场选举中没有它。
fault-other-election = 公告板显示的选举与链接不符。请不要在这里投票。
fault-not-yet-open = 投票尚未开始。
fault-voting-over = 投票已经结束。
fault-election-failed = 这场选举已终止，没有结果。
fault-not-decryptable = 计票人员尚未就绪，现在无法封存选票。
fault-has-voted = 此选举码已经投过票。这场选举以第一张为准。
fault-no-more-ballots = 此选举码不能再投票。
fault-selection-contest = 此项不在您的选票上。
fault-selection-number = { $minimum ->
    [0] 至多可选 { $maximum } 项。
   *[other] { $maximum ->
        [1] 请选一项。
       *[other] 请至少选 { $minimum } 项，至多选 { $maximum } 项。
    }
}
fault-selection-places = 请排出至少 { $minimum } 个、至多 { $maximum } 个名次。
fault-selection-most = 每项至多可给 { $most }。
fault-selection-step = 数额必须以 { $step } 为一档。
fault-selection-total = 总共至多可给 { $total }。
fault-selection-exactly = 总共必须正好给 { $total }。
fault-selection-list = 名单 { $list } 上至多可选 { $limit } 人。
fault-selection-question = { $minimum ->
    [0] “{ $question }”：至多可选 { $maximum } 项。
   *[other] { $maximum ->
        [1] “{ $question }”：请选一项。
       *[other] “{ $question }”：请至少选 { $minimum } 项，至多选 { $maximum } 项。
    }
}
fault-selection-not-asked = 只有回答“{ $condition }”之后才会问“{ $question }”。
fault-selection-form = 这里不能这样选择。
fault-selection-missing = 还有一项没有填写。
fault-not-a-number = 请为 { $name } 填写整数。
fault-places-broken = 每个名次只能给一次，中间不能空缺。
fault-not-sealed = 选票无法封存。请重试。
fault-nothing-sealed = 没有已封存的选票。请重新封存。
fault-not-begun = 请先输入选举码。
fault-not-read = 尚未读取记录。
fault-tracker-character = 第 { $position } 个字符不会出现在追踪码中。
fault-tracker-length = 追踪码长度不对。请输入全部，或至少前 8 个字符。
fault-tracker-too-short = 请多输入一些追踪码。
fault-opening-missing = 请先扫描、选择或粘贴拆开的选票。
fault-opening-form = 这不是拆开的选票。
fault-opening-other-election = 这张拆开的选票属于另一场选举。
fault-opening-unknown = 这张拆开的选票不属于名册上的任何人。
fault-device-tracker = 拆开的选票的追踪码（{ $tracker }）与另一台设备显示的不同。
fault-device-ballot = 拆开的选票不是这位选民的选票。
fault-device-opening = 拆开的内容与封存的不一致（第 { $contest } 项）。
fault-device-proof = 封存的选票无效（第 { $contest } 项）。
fault-device-selection = 封存的选票含有不可能的选择（第 { $contest } 项）。
fault-receipt-bad = 此回执对这场选举无效。
fault-receipt-none = 记录中还没有这张选票。请一分钟后重试。
fault-record-invalid = 公告板给出的记录违反选举规则。请不要在这里投票，并告知观察员。
fault-record-missing = 公告板没有给出全部记录。
fault-record-too-large = 记录太大，浏览器无法处理。请使用程序。
fault-other-history = 公告板显示的历史与之前不同。请不要在这里投票；告知观察员，并保持本页面打开。
fault-checkpoint-bad = 公告板在其记录上的签名有误。请不要在这里投票，并告知观察员。
fault-unwitnessed = 确认公告板记录的见证人太少。
fault-board-refuses = 公告板不接受。
fault-board-silent = 无法连接公告板。请检查网络后重试。
fault-board-status = 服务器没有给出正确的回答（{ $status }）。请稍后重试。
fault-board-answer = 服务器没有给出正确的回答。请稍后重试。
fault-board-slow = 公告板太慢。请稍后重试。
fault-board-address = 本页面不知道公告板在哪里。请使用信中的链接。
fault-promise-broken = 公告板没有作出应有的承诺。
