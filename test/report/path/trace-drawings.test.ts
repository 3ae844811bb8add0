import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { drawingOf, mostLanes } from '../../../src/report/path/trace-drawing.ts';
import { renderTraceMermaid } from '../../../src/report/path/trace-mermaid.ts';
import { renderTraceSvg } from '../../../src/report/path/trace-svg.ts';
import { treeOf } from '../../../src/report/path/trace-tree.ts';
import { steeringIn } from '../../torture/rendered.ts';
import { elementsOf, treeOf as elementTree, readPage, textOf } from '../read-page.ts';
import { hostileTexts } from '../sample-report.ts';
import { nodePortTrace, sayingTrace, sdnTrace } from './sample-traces.ts';

const svgOf = (svg: string) => readPage(svg.replace(/^<\?xml[^>]*\?>\n/, ''));

test('the SVG is one well-formed element without script, style, link or anything loaded', () => {
  for (const trace of [sdnTrace, nodePortTrace]) {
    for (const { name, attributes } of elementsOf(svgOf(renderTraceSvg(trace)))) {
      assert.ok(['svg', 'title', 'rect', 'g', 'path', 'text'].includes(name), name);
      for (const key of attributes.keys()) assert.not.match(key, /^(?:on|style$|href$|src$)/, key);
    }
  }
});

test('it scales: a view box, no fixed width', () => {
  assert.match(renderTraceSvg(sdnTrace), /<svg [^>]*viewBox="0 0 \d+ \d+" width="100%"/);
});

test('the same trace gives the same bytes', () => {
  assert.is(renderTraceSvg(sdnTrace), renderTraceSvg(JSON.parse(JSON.stringify(sdnTrace))));
  assert.is(renderTraceMermaid(sdnTrace), renderTraceMermaid(JSON.parse(JSON.stringify(sdnTrace))));
});

test('hostile words change no element of the drawing', () => {
  for (const text of hostileTexts) {
    const svg = renderTraceSvg(sayingTrace(text));
    assert.equal(steeringIn('svg', svg), []);
    const harmless = renderTraceSvg(sayingTrace(text.replace(/[^`\s/]/gu, 'x')));
    assert.is(elementTree(svgOf(svg)), elementTree(svgOf(harmless)), text);
  }
});

test('edges carry the translation and its share, steps their file and line', () => {
  const text = textOf(svgOf(renderTraceSvg(sdnTrace)));
  assert.match(text, /DNAT 172\.30\.77\.8:8080 → 10\.129\.2\.31:8080 \(50 %\)/);
  assert.match(text, /nat KUBE-SERVICES rule 2 → KUBE-SVC-QUAYLADDERFERRY4\n?anchor-1\/iptables-save\.txt:71/);
  assert.match(text, /VXLAN/);
  assert.match(text, /and back \(\d+–\d+\) .*source 10\.129\.2\.31:8080 → 172\.30\.77\.8:8080/);
});

test('hooks stand from left to right in the order of the packet, nodes apart, lanes below each other', () => {
  const { texts, frames, boxes } = drawingOf(sdnTrace);
  const xOf = (word: string) => texts.filter(({ text }) => text === word).map(({ x }) => x);
  const way = ['client', 'bridge', 'prerouting', 'routing', 'forward', 'postrouting', 'VXLAN', 'B · delivered'];
  const first = way.map((word) => xOf(word)[0] ?? Number.NaN);
  assert.equal(
    first,
    [...first].sort((a, b) => a - b),
  );
  assert.equal(frames.map(({ tip }) => tip).sort(), ['anchor-1', 'anchor-2']);
  const [one, two] = frames.toSorted((a, b) => a.x - b.x);
  assert.ok((one?.x ?? 0) + (one?.width ?? 0) <= (two?.x ?? 0));
  assert.is(new Set(boxes.map(({ y }) => y)).size, 2);
});

test('no two boxes and no two labels of a row cover each other', () => {
  for (const trace of [sdnTrace, nodePortTrace]) {
    const { boxes } = drawingOf(trace);
    for (const a of boxes)
      for (const b of boxes)
        if (a !== b && a.y === b.y) assert.ok(a.x + a.width <= b.x || b.x + b.width <= a.x, `${a.tip} and ${b.tip}`);
  }
});

test('what fails is red where it fails, with its reason', () => {
  const { boxes, texts } = drawingOf(nodePortTrace);
  assert.equal(
    boxes.filter(({ kind }) => kind === 'bad').map(({ tip }) => tip),
    [
      'no pod has 10.244.5.12; its endpoint is stale',
      'filter INPUT rule 3 drops UDP port 8472: the tunnel of the other node is shut out',
    ],
  );
  assert.ok(texts.some(({ kind, text }) => kind === 'reason' && text.startsWith('no pod has 10.244.5.12')));
});

test('of very many ways the first are drawn, and the drawing says so', () => {
  const branches = Array.from({ length: 20 }, () => nodePortTrace.branches).flat();
  const { texts } = drawingOf({ ...nodePortTrace, branches });
  assert.ok(texts.some(({ text }) => text === `${60 - mostLanes} further ways in the text`));
});

test('a trace without a way is an empty drawing, not an error', () => {
  const none = { ...sdnTrace, branches: [], verdicts: [] };
  assert.ok(renderTraceSvg(none).includes('</svg>'));
  assert.ok(renderTraceMermaid(none).startsWith('flowchart LR'));
});

test('Mermaid has a frame for each node, translations on its edges, and red ends', () => {
  const chart = renderTraceMermaid(nodePortTrace);
  assert.match(chart, /^flowchart LR\n/);
  assert.match(chart, /subgraph node\d+\["pier-1"\]/);
  assert.match(chart, /-->\|"DNAT 192\.0\.2\.11:30090 → 10\.244\.6\.9:8080 \(50 #37;\)"\| s\d+/);
  assert.match(chart, /s\d+ ==> eC\n/);
  assert.match(chart, /eC\(\["C: dropped on pier-2<br\/>.*"\]\):::bad/);
});

test('in Mermaid a hostile name stays inside its label', () => {
  for (const text of hostileTexts) {
    for (const line of renderTraceMermaid(sayingTrace(text)).split('\n')) {
      const labels = line.match(/"[^"]*"/g) ?? [];
      assert.ok((line.match(/"/g) ?? []).length % 2 === 0, line);
      for (const label of labels) assert.not.match(label.replaceAll('<br/>', ''), /[<>{}`]|%%|:\/\//, label);
      assert.match(line.replace(/"[^"]*"/g, '""'), /^[\w\s[\]()|:=.\->,#"]*$/);
    }
  }
});

test('shares of dice add up, alternatives do not', () => {
  assert.is(treeOf(sdnTrace).share, 1);
  assert.is(treeOf(nodePortTrace).share, 1);
});

test.run();
