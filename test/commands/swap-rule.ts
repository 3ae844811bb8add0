// A rule that every bundle with a large enough swap area breaks: one rule is loaded in no time.

export const swapRule = (id = 'swap-area', aboveBytes = 0): string => `id: ${id}
title: A swap area is in use
status: stable
severity: warning
tags: [swap]
given:
  area: SwapArea
failsWhen: area.sizeBytes > ${aboveBytes}
subject: swap area {{ area.device }}
message: '{{ area.device }} has {{ area.sizeBytes }} bytes.'
meaning: Swap is on.
impact: None.
diagnosis: Read /proc/swaps.
remediation: Run swapoff.
`;
