// Reads the time at which a log line was written, in the forms that nodes and containers print.
//
//   2024-05-01T12:00:00.123456789Z stderr F …      CRI log, kubectl/oc logs --timestamps
//   Mar 03 06:53:46.325049 worker-0 kubenswrapper[2167]: …      journal short(-precise): no year
//   2020-12-01T18:02:54+0900 host …                journal short-iso
//   I0805 07:30:00.123456       1 main.go:12] …    klog: no year
//   time="2020-12-01T18:02:54Z" level=info …       logrus
//   {"level":"warn","ts":"2021-08-05T07:30:00.123Z",…}   zap
//   [Thu Mar 31 12:04:45 2022] …                   dmesg -T

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const rfc3339 = /(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:[.,](\d+))?\s?(Z|[+-]\d\d:?\d\d)?/;
const journal = /^([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d)(?:\.(\d+))?/;
const klog = /^[IWEF](\d\d)(\d\d) (\d\d:\d\d:\d\d)(?:\.(\d+))?/;
const ctime = /\[[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d) (\d{4})\]/;
const longestHead = 200;

/** Text to read times of: RFC 3339 in UTC, or `--MM-DDThh:mm:ss.mmmZ` where the line has no year. */
export function lineTime(line: string): string | undefined {
  const head = line.slice(0, longestHead);
  const short = journal.exec(head);
  if (short) return yearless(months.indexOf(short[1] ?? '') + 1, Number(short[2]), short[3] ?? '', short[4]);
  const google = klog.exec(head);
  if (google) return yearless(Number(google[1]), Number(google[2]), google[3] ?? '', google[4]);
  const iso = rfc3339.exec(head);
  if (iso) return inUtc(`${iso[1]}T${iso[2]}.${millis(iso[3])}${zone(iso[4])}`);
  const kernel = ctime.exec(head);
  if (kernel) {
    const month = String(months.indexOf(kernel[1] ?? '') + 1).padStart(2, '0');
    return inUtc(`${kernel[4]}-${month}-${(kernel[2] ?? '').padStart(2, '0')}T${kernel[3]}.000Z`);
  }
  return undefined;
}

/**
 * Gives a yearless time its year: that of `gatheredAt`, or the year before when the date would lie in its future.
 * Without `gatheredAt` a yearless time stays unknown.
 */
export function withYear(time: string | undefined, gatheredAt: string | undefined): string | undefined {
  if (!time?.startsWith('--')) return time;
  if (!gatheredAt) return undefined;
  const year = Number(gatheredAt.slice(0, 4));
  const candidate = `${year}${time.slice(1)}`;
  const dayAfter = new Date(Date.parse(gatheredAt) + 86_400_000).toISOString();
  return candidate > dayAfter ? `${year - 1}${time.slice(1)}` : candidate;
}

function yearless(month: number, day: number, clock: string, fraction: string | undefined): string | undefined {
  if (month < 1 || month > 12) return undefined;
  return `--${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}T${clock}.${millis(fraction)}Z`;
}

const millis = (fraction = ''): string => fraction.padEnd(3, '0').slice(0, 3);
const zone = (text = 'Z'): string => (/^[+-]\d{4}$/.test(text) ? `${text.slice(0, 3)}:${text.slice(3)}` : text);

function inUtc(text: string): string | undefined {
  const moment = Date.parse(text);
  return Number.isNaN(moment) ? undefined : new Date(moment).toISOString();
}
