import type { Text, Verdict } from './contract.js';
import { text } from './text.js';

/** What a verdict is called. */
export const VERDICT: Readonly<Record<Verdict, Text>> = {
  holds: text('holds', '成立'),
  condition: text('holds with a condition', '有条件成立'),
  fails: text('does not hold', '不成立'),
  open: text('not judged: a trial it rests on was not valid', '未判定：所依据的试验无效'),
};

/** The fixed words of the page. */
export const WORDS = {
  title: text("The article's claims, measured", '文章论断的实测'),
  other: text('[中文](claims.zh.md)', '[English](claims.md)'),
  intro: text(
    'A widely read article on how a web server gets news to a browser makes claims about polling, long polling, iframe streaming, server-sent events and WebSocket without measuring any of them. Each is put to the test here: a number from a run of pushbench, a chart, and a verdict that follows from the number by a rule which is printed beside it.',
    '有一篇流传很广的文章，讲 Web 服务器如何把新消息送到浏览器；它对轮询、长轮询、iframe 流、服务器发送事件 (SSE) 和 WebSocket 作了许多论断，却没有测量其中任何一条。这里逐条检验：由 pushbench 实测得出一个数字、一张图，以及按旁边写明的规则从数字得出的结论。',
  ),
  made: text(
    'Written by `npm run claims`; the numbers are in [claims.json](claims.json), from which `npm run claims -- --from docs/claims.json` draws this page and its charts again. Every number comes from this one run. A void trial gives no figure ([metrics](metrics.md#can-it-be-believed-the-generators-own-share-and-health)).',
    '由 `npm run claims` 生成；数据在 [claims.json](claims.json) 中，`npm run claims -- --from docs/claims.json` 可据此重新绘制本页及图表。所有数字都来自这一次运行。作废的试验不给出数字（见 [metrics](metrics.md#can-it-be-believed-the-generators-own-share-and-health)）。',
  ),
  quick: text(
    '> **Quick run.** Measured with few clients, for a second or two, with the health rules off and perhaps on a machine that was busy with other things. It shows that the program works; these are no figures to quote, and verdicts that rest on times or CPU may be wrong.',
    '> **快速运行。** 客户端少，每次只测一两秒，健康规则关闭，机器可能正忙于其他事情。它只表明程序可用；这些数字不宜引用，依据时间或 CPU 的结论可能有误。',
  ),
  loopback: text(
    'Everything runs on one machine over loopback, which has no distance, no loss and no cost of a packet: see [what loopback hides](metrics.md#what-loopback-hides).',
    '一切都在一台机器上经环回接口运行：没有距离，没有丢包，也没有网卡的开销；见 [what loopback hides](metrics.md#what-loopback-hides)。',
  ),
  claim: text('claim', '论断'),
  number: text('number', '数字'),
  verdict: text('verdict', '结论'),
  verdictHead: text('Verdict', '结论'),
  rule: text('Rule', '规则'),
  colon: text(': ', '：'),
  measured: text('Measured', '测量方法'),
  note: text('Note', '注'),
  otherwise: text('otherwise it does not hold', '否则不成立'),
  semicolon: text('; ', '；'),
  stop: text('.', '。'),
  machine: text('Machine', '机器'),
  run: text('Run', '运行'),
} as const;
