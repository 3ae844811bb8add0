import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { certificatesView } from '../../../src/report/pictures/certificate-axis.ts';
import { gatheredAt, smallReport } from './small-report.ts';

const ends = (days: number, subject = 'CN=api') => ({
  subject,
  notAfter: new Date(Date.parse(gatheredAt) + days * 86_400_000).toISOString(),
  holder: 'Secret shop/tls',
  evidence: { path: 'mg/secrets.yaml', first: 8, last: 8 },
});

test('what has ended stands left of the gathering, what ends soon beside it, the rest to the right', () => {
  const view = certificatesView(smallReport({ certificates: [ends(-40), ends(3), ends(20), ends(400)] }));
  const [drawing] = view.drawing;
  const [now = 0] = drawing?.now ?? [];
  const [ended, soon, next, later] = drawing?.dots ?? [];
  assert.equal(
    [ended, soon, next, later].map((dot) => dot?.zone),
    ['ended', 'soon', 'next', 'later'],
  );
  assert.ok((ended?.x ?? 0) < now && now < (soon?.x ?? 0));
  assert.is(ended?.x, 24);
  assert.is(later?.x, 976);
  assert.is(new Set([ended, soon, next, later].map((dot) => dot?.d)).size, 4);
  assert.equal(view.legend, [
    { zone: 'ended', word: 'ended', count: '1' },
    { zone: 'soon', word: 'end within 7 days', count: '1' },
    { zone: 'next', word: 'end in 8 to 30 days', count: '1' },
    { zone: 'later', word: 'end later', count: '1' },
  ]);
});

test('the table says how long, and where it stands', () => {
  const view = certificatesView(smallReport({ certificates: [ends(-1.5), ends(3.5)] }));
  assert.equal(
    view.rows.map(({ left, place }) => `${left} ${place}`),
    ['2 days ago mg/secrets.yaml:8', 'in 3 days mg/secrets.yaml:8'],
  );
});

test('200 certificates of one day are a stack of six with their number', () => {
  const view = certificatesView(
    smallReport({ certificates: Array.from({ length: 200 }, (_, at) => ends(300, `CN=${at}`)) }),
  );
  assert.is(view.drawing[0]?.dots.length, 6);
  assert.equal(
    view.drawing[0]?.counts.map(({ text }) => text),
    ['200'],
  );
  assert.is(view.rows.length, 60);
  assert.is(view.more, '140 later ones in report.json.');
});

test('without a time of gathering the axis has dates, and nothing is called ended', () => {
  const { gatheredAt: _, ...bundle } = smallReport().bundle;
  const view = certificatesView({ ...smallReport({ certificates: [ends(-400), ends(400)] }), bundle });
  assert.equal(view.legend, []);
  assert.match(view.sentence, /none can be called ended/);
  assert.match(view.drawing[0]?.ticks[0]?.text ?? '', /^\d{4}-\d{2}-\d{2}$/);
});

test('labels of the axis never touch', () => {
  const view = certificatesView(smallReport({ certificates: [-9000, -2, 1, 5, 40, 9000].map((days) => ends(days)) }));
  const ticks = view.drawing[0]?.ticks ?? [];
  assert.ok(ticks.some(({ text }) => text === 'gathered'));
  for (const [at, tick] of ticks.entries()) {
    const next = ticks[at + 1];
    if (next) assert.ok(next.x - tick.x >= (tick.text.length + next.text.length) * 3.6, `${tick.text}, ${next.text}`);
  }
});

test('no certificate, no axis; one without a date that can be read is left out', () => {
  assert.not.ok(certificatesView(smallReport()).any);
  assert.not.ok(certificatesView(smallReport({ certificates: [{ ...ends(1), notAfter: 'never' }] })).any);
});

test.run();
