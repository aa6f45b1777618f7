# 服务器生成的每个页面
skip = 跳到主要内容
languages = 语言
whole-name = 显示完整文字
not-believed = 本页面只是这台服务器的说法，无需轻信：任何人都可以核对背后的公开记录。

# 列表
elections = 选举
election = 选举
state = 状态
no-elections = 这里还没有选举。
mirror = 这台服务器是镜像：保存一份经过核对的公开记录副本，不接收选票。

# 阶段
phase-setup = 准备
phase-voting = 投票
phase-closed = 计票
phase-tallied = 结果
phase-failed = 这场选举已终止，没有结果。

# 链接
fingerprint = 本次选举的指纹。请与您的信逐字核对：
link-vote = 投票
link-check = 用另一台设备核对选票
link-observe = 在浏览器中核对这场选举
link-officials = 工作人员：现在要做什么
link-offline = 保存无需网络的核对程序
link-entries = 阅读公开记录的全部条目

# 时间
times = 时间
opening = 计划开始投票
closing = 投票截止
deadline = 期限：
last-entry = 记录中最新一条

# 表决事项和结果
contests = 表决事项
results = 结果
option = 选项
list = 名单
lists = 各名单得票
seats = 席位
total = 合计
share = 占比
mean = 每张选票平均
outcome = 结果
elected = 当选
blank = 空白票
sum = 以上各行之和
ballots-counted = 计入的选票
weight-counted = 折合票数
figures-votes = 票数
figures-points = 得分
figures-pairs = 与其他选项两两比较获胜次数
figures-budget = 金额，单位 { $currency }
by-unit = 各部分的结果
counting = 正在计票：{ $all-shown } 个部分中已完成 { $done-shown } 个。
withheld = { $number ->
   *[other] 有 { $number-shown } 张选票所在的部分人数太少，不予公布，以免看出某个人的选择。
}
and = { " · " }
elected-names = { $number ->
   *[other] 当选（{ $number-shown }）：{ $names }
}
passed = 通过：赞成 { $yes-shown } 票，需要 { $needed-shown } 票。
not-passed = 未通过：赞成 { $yes-shown } 票，需要 { $needed-shown } 票。
tie-open = 平票，规则未作裁定，涉及 { $seats-shown } 个席位：{ $names }
tie-listed = 平票，按选票上的顺序决定：{ $names }
tie-lot = 平票，由任何人都能重算的抽签决定：{ $names }
vacant = { $seats ->
   *[other] { $seats-shown } 个席位空缺：没有人得到足够的票。
}

# 参与情况
turnout = 选民和选票
roll = 有投票资格的人数
units = 选举的部分数
ballots = 收到的选票
audits = 为检验设备而拆开的选票（不计票）
ballots-why = 规则允许时，选民可以重新投票，只有一张算数，所以选票可能多于选民。

# 等待事项
awaited = 接下来
awaits-nothing = 没有待办事项，选举已经结束。
awaits-roll = { $name } 公布选民名册：{ $chunks-shown } 份中已有 { $received-shown } 份。
awaits-ceremony = { $name } 完成制作密钥 4 步中的第 { $stage-shown } 步。
awaits-opening = 选举机构开放投票，计划时间 { $time }。
awaits-closing = 选民投票。{ $time } 之后由选举机构结束投票。
awaits-decryption = { $all-shown } 位密钥保管人中需要 { $number-shown } 位共同打开总数。尚未完成：
awaits-trustee = { $name } 打开自己的那一份。
awaits-result = 现在任何人都可以公布由记录得出的结果。
awaits-witnesses = { $number ->
   *[other] 有 { $number-shown } 条记录在等待见证人。
}

# 见证人
witnesses = 见证人
witness = 见证人
checkpoint = 记录共有 { $size-shown } 条，其中 { $cosigned-shown } 条已经固定：任何改动都会被发现。
unwitnessed = 这场选举没有见证人。除这台服务器外，没有谁确认大家看到的是同一份记录。
cosigned-at = 最近确认
never = 尚未

# 密钥
ceremony = 密钥和工作人员
ceremony-plan = 选票用一把没有任何人单独持有的密钥锁住。{ $all-shown } 位密钥保管人中 { $number-shown } 位一起才能打开总数，任何时候都不会打开单张选票。
ceremony-stage = 正在制作密钥：第 { $stage-shown } 步（共 4 步），{ $what }。
ceremony-done = 密钥已经做好。
ceremony-failed = 密钥没有做成。
ceremony-left = { $name } 不再是密钥保管人。
waiver-threshold = 注意：按照这场选举的规则，丢失一份密钥就可能无法计票，或者一位保管人可以单独打开。
stage-1 = 第 1 步，承诺
stage-2 = 第 2 步，分发
stage-3 = 第 3 步，核对
stage-4 = 第 4 步，演练
authority = 选举机构
registrars = 选民名册管理人
trustees = 密钥保管人

# 条目
entries = 条目
latest = 最新条目
number = 编号
time = 时间
what = 内容
pending = 等待见证人
span = 第 { $from-shown } 至 { $to-shown } 条，共 { $all-shown } 条（从 0 开始编号）
earlier = 更早的条目
later = 更新的条目
voter = 一位选民
anyone = 某人
entry-unreadable = 此处无法读取这一条。
entry-manifest = { $name } 发起选举并确定了规则。
entry-roll = { $name } 公布了选民名册 { $chunks-shown } 份中的第 { $chunk-shown } 份。
entry-dealing-commitment = { $name } 承诺了密钥的一份。
entry-dealing = { $name } 分发了密钥份额。
entry-complaint = { $name } 证明有一份是错的。
entry-ceremony-confirmation = { $name } 确认了份额。
entry-stage-end = { $name } 结束了制作密钥中逾期的一步。
entry-rehearsal = { $name } 演示了自己的份额可用。
entry-opening = { $name } 开放了投票。
entry-ballot = 一位选民投了票。
entry-ballot-again = 一位选民重新投票，替换先前的选票。
entry-audited-ballot = 一位选民拆开一张选票来检验设备，不计票。
entry-replacement = { $name } 更换了一个丢失的选举码。
entry-extension = { $name } 把投票截止时间改为 { $time }。
entry-closing = { $name } 结束了投票。
entry-partial-decryption = { $name } 打开了 { $contest } 总数的一份。
entry-result = { $name } 公布了 { $contest } 的结果。
entry-continuation = { $name } 把记录移到另一台服务器上继续。
entry-notice = { $name } 发布通知：
entry-retirement = { $name } 销毁了自己的密钥份额。
entry-override = { $name } 登记一位选民改为现场投票：

# 核对
pages = 浏览器页面
pages-why = 这场选举的规则用下面这个数字指定投票和核对页面。程序会拿它与服务器给出的页面比较：
verify = 自己核对
verify-how = 在您信任的计算机上使用程序。请把 ADDRESS 换成本页面地址中第一个单斜杠之前的部分；指纹请以您的信为准，不要从这里抄。第二行检查这台服务器给出的页面是否正确：
