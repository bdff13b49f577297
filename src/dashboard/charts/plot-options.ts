import type uPlot from 'uplot';

/** A line of a chart. */
export interface ChartLine {
  name: string;
  /** Custom property of the style sheets that has its colour. */
  color: string;
  /** One for each point in time; null where there is none. */
  values: (number | null)[];
  /** What is drawn instead, where a value is not final and would look like a drop. */
  drawn?: (number | null)[];
  axis: 'left' | 'right';
  isDashed?: boolean;
  isFilled?: boolean;
  /** The scale reaches to this value at least, so that small ones do not look large. */
  least: number;
  /** What may lie between two marks of its scale; default whatever is round in tens. */
  steps?: readonly number[];
  /** A value, for people. */
  format(value: number): string;
}

const [MINUTE, HOUR, DAY] = [60, 3_600, 86_400];

/** What may lie between two marks of a scale, in seconds: people count them in sixties. */
export const DURATION_STEPS: readonly number[] = [
  ...[0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5],
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((minutes) => minutes * MINUTE),
  ...[1, 2, 4, 6, 12].map((hours) => hours * HOUR),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 5_000, 10_000].map((days) => days * DAY),
];

const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const day = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** A mark on the scale of times, given in seconds since 1970: midnight is told as the day that it begins. */
export function timeMark(seconds: number): string {
  const instant = new Date(seconds * 1000);
  const text = time.format(instant);
  return text === '00:00' ? day.format(instant) : text;
}

export const PLOT_HEIGHT = 200;

/** Pixels for the numbers beside the plot, at least, and for the times below it. */
const AXIS_WIDTH = 64;
const AXIS_HEIGHT = 28;

/** Pixels between a number and the plot, and as many to the edge. */
const LABEL_GAP = 6;

/** As wide as the longest label needs; short ones share one width, so that plots below each other line up. */
const axisWidth: uPlot.Axis.Size = (plot, labels, axis) => {
  // Once there is a plot, its font is a list; the first entry is the one that it draws with.
  plot.ctx.font = plot.axes[axis]?.font?.[0] ?? plot.ctx.font;
  const widths = (labels ?? []).map((label) => plot.ctx.measureText(label).width / devicePixelRatio);
  return Math.max(AXIS_WIDTH, Math.ceil(Math.max(0, ...widths)) + 2 * LABEL_GAP);
};

/** A canvas knows no custom properties: a colour is what an element of the page would have. */
function colorReader(element: HTMLElement): (name: string) => string {
  return (name) => {
    element.style.color = `var(${name})`;
    const { color } = getComputedStyle(element);
    element.style.color = '';
    return color;
  };
}

/** From zero on, and not flat where nothing happens. */
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

/** Where the values are that stand alone: they are no line, and would not be seen. */
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

/** The scale of those lines that are drawn on this side. */
const scaleOf = (lines: readonly ChartLine[], side: ChartLine['axis']): uPlot.Scale => ({
  range: fromZero(Math.max(...lines.filter(({ axis }) => axis === side).map(({ least }) => least))),
});

/** How the lines are drawn, in the colours that the element has now. */
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
    // Plots below each other have their times below each other.
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
