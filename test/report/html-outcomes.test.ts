import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { undecidedView } from '../../src/report/html-outcomes.ts';
import type { ReportOutcome } from '../../src/report/report.ts';

const waiting = (rule: string, missing: string, files: readonly string[]): ReportOutcome => ({
  rule,
  title: rule,
  pack: 'swap',
  verdict: 'no-data',
  examined: 0,
  missing: [missing],
  errors: [],
  hints: [{ missing, files }],
});
const both = ['must-gather: nodes/{node}/dmesg', 'sosreport: sos_commands/kernel/dmesg'];

test('commands that would gather what is missing stand first, by how many rules they help', () => {
  const outcomes = [
    waiting('a', 'KernelLog', both),
    waiting('b', 'KernelLog', both),
    waiting('c', 'Service', ['objects of kind Service: must-gather']),
    waiting('d', 'Swap', ['sosreport: proc/swaps']),
  ];
  const { commands, missing } = undecidedView(outcomes, ['must-gather']);
  assert.equal(commands.list, [
    { command: 'sos report', count: '3 rules' },
    { command: 'oc adm must-gather', count: '2 rules' },
    { command: 'kubectl get service -A -o yaml', count: '1 rule' },
  ]);
  assert.equal(missing[0]?.commands, ['sos report', 'oc adm must-gather']);
});

test('a rule that waits for two files is counted once a command', () => {
  const twice: ReportOutcome = {
    ...waiting('a', 'KernelLog', both),
    missing: ['KernelLog', 'Swap'],
    hints: [
      { missing: 'KernelLog', files: both },
      { missing: 'Swap', files: ['sosreport: proc/swaps'] },
    ],
  };
  const { commands } = undecidedView([twice], []);
  assert.equal(
    commands.list.map(({ count }) => count),
    ['1 rule', '1 rule'],
  );
});

test('without a known command none is named', () => {
  const { commands } = undecidedView([waiting('a', 'Odd', [])], []);
  assert.is(commands.any, false);
});

test.run();
