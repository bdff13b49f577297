import type uPlot from 'uplot';

export interface ChartLine {
  name: string;
  /** CSS custom property with its colour. */
  color: string;
  /** One per time; null for a gap. */
  values: (number | null)[];
  /** Drawn instead, if a value is not final and would look like a drop. */
  drawn?: (number | null)[];
  axis: 'left' | 'right';
  isDashed?: boolean;
  isFilled?: boolean;
  /** Least upper end of the scale, so that small values do not look large. */
  least: number;
  /** Allowed distances between marks of its scale; default: decimal steps. */
  steps?: readonly number[];
  format(value: number): string;
}

const [MINUTE, HOUR, DAY] = [60, 3_600, 86_400];

/** Distances between marks of a scale of durations, in seconds: multiples of 60 beyond a minute. */
export const DURATION_STEPS: readonly number[] = [
  ...[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5],
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 4, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000, 10_000].map((days) => days * DAY),
];

const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** A mark on the time axis, from seconds since 1970: midnight shows the day that begins. */
export function timeMark(seconds: number): string {
  const instant = new Date(seconds * 1000);
  const text = time.format(instant);
  return text === '00:00' ? day.format(instant) : text;
}

export const PLOT_HEIGHT = 200;

/** Least pixels for the numbers beside the plot, and for the times below it. */
const AXIS_WIDTH = 64;
const AXIS_HEIGHT = 28;

/** Pixels between a number and the plot, and to the edge. */
const LABEL_GAP = 6;

/** As wide as the longest label; short ones share one width, so that stacked plots line up. */
const axisWidth: uPlot.Axis.Size = (plot, labels, axis) => {
  // In an existing plot the font is a list, of which the first entry is used.
  plot.ctx.font = plot.axes[axis]?.font?.[0] ?? plot.ctx.font;
  const widths = (labels ?? []).map((label) => plot.ctx.measureText(label).width / devicePixelRatio);
  return Math.max(AXIS_WIDTH, Math.ceil(Math.max(0, ...widths)) + 2 * LABEL_GAP);
};

/** A canvas cannot use custom properties: resolves them to colours. */
function colorReader(element: HTMLElement): (name: string) => string {
  return (name) => {
    element.style.color = `var(${name})`;
    const { color } = getComputedStyle(element);
    element.style.color = '';
    return color;
  };
}

/** A scale from zero, with a height even without activity. */
const fromZero = (least: number) => (_plot: uPlot, _min: number, max: number) =>
  [0, Math.max(max * 1.1, least)] as [number, number];

function axisOf(
  lines: readonly ChartLine[],
  scale: ChartLine['axis'],
  color: (name: string) => string,
): uPlot.Axis {
  const { format = String, steps } = lines.find(({ axis }) => axis === scale) ?? {};
  return {
    scale,
    side: scale === 'left' ? 3 : 1,
    size: axisWidth,
    gap: LABEL_GAP,
    stroke: color('--text-quiet'),
    grid: { show: scale === 'left', stroke: color('--line'), width: 1 },
    ticks: { show: false },
    values: (_plot, marks) => marks.map((value) => format(value)),
    ...(steps && { incrs: [...steps] }),
  };
}

/** Indexes of isolated values, which a line alone would not show. */
const isolatedIn = (values: ArrayLike<number | null | undefined>): number[] =>
  Array.from(values).flatMap((value, at) =>
    typeof value === 'number' && typeof values[at - 1] !== 'number' && typeof values[at + 1] !== 'number'
      ? [at]
      : [],
  );

function seriesOf(line: ChartLine, color: (name: string) => string): uPlot.Series {
  const stroke = color(line.color);
  return {
    label: line.name,
    scale: line.axis,
    stroke,
    width: 1.5,
    dash: line.isDashed ? [5, 4] : undefined,
    fill: line.isFilled ? stroke.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.1)') : undefined,
    points: { show: true, size: 5, filter: ({ data }, index) => isolatedIn(data[index] ?? []) },
  };
}

/** The scale of the lines on this side. */
const scaleOf = (lines: readonly ChartLine[], side: ChartLine['axis']): uPlot.Scale => ({
  range: fromZero(Math.max(...lines.filter(({ axis }) => axis === side).map(({ least }) => least))),
});

/** The options of the plot, in the element's current colours. */
export function plotOptions(
  element: HTMLElement,
  lines: readonly ChartLine[],
  onCursor: (index: number | null) => void,
): uPlot.Options {
  const color = colorReader(element);
  const hasRight = lines.some(({ axis }) => axis === 'right');
  return {
    width: element.clientWidth,
    height: PLOT_HEIGHT,
    legend: { show: false },
    // Aligns the times of stacked plots.
    padding: [12, hasRight ? 0 : AXIS_WIDTH, 0, 0],
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      x: { time: true },
      left: scaleOf(lines, 'left'),
      ...(hasRight && { right: scaleOf(lines, 'right') }),
    },
    axes: [
      {
        stroke: color('--text-quiet'),
        size: AXIS_HEIGHT,
        grid: { show: false },
        ticks: { stroke: color('--line'), size: 4 },
        values: (_plot, marks) => marks.map(timeMark),
      },
      axisOf(lines, 'left', color),
      ...(hasRight ? [axisOf(lines, 'right', color)] : []),
    ],
    series: [{}, ...lines.map((line) => seriesOf(line, color))],
    hooks: { setCursor: [({ cursor }) => onCursor(cursor.idx ?? null)] },
  };
}
