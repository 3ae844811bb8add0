// Reads /proc/<pid>/oom_score_adj: how willingly the kernel kills a process when memory runs out.
//
//   -997

import { factType, int, node } from '../../fact-type.ts';
import { parser } from '../../parser.ts';
import { failedOutput } from '../../text/failed-output.ts';
import { spokenLines } from '../../text/lines.ts';
import { machineKey } from '../../text/machine-key.ts';

export const ProcessOomScore = factType('ProcessOomScore', 'oom_score_adj of one process.', {
  node: node(),
  pid: int('Process number on the host.'),
  oomScoreAdj: int('-1000 (never killed) to 1000 (first to be killed).'),
});

export const processOomScore = parser({
  reads: 'ProcOomScoreAdj',
  yields: ProcessOomScore,
  parse(text, source) {
    const pid = /(?:^|[/!])proc\/(\d+)\/oom_score_adj$/.exec(source.path)?.[1];
    const [line] = spokenLines(text);
    // The process may have ended while the file was copied.
    if (pid === undefined || !line) return { facts: [], problems: [] };
    const oomScoreAdj = Number(line.text.trim());
    if (!/^\s*-?\d{1,4}\s*$/.test(line.text) || Math.abs(oomScoreAdj) > 1000) {
      return { facts: [], problems: failedOutput(text, 'a /proc/<pid>/oom_score_adj') };
    }
    const value = { pid: Number(pid), oomScoreAdj };
    return {
      facts: [ProcessOomScore.fact([line.number, line.number], value, { key: machineKey(source, pid) })],
      problems: [],
    };
  },
});
