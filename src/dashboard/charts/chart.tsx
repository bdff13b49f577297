import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import { formatTime } from '../components/format-instant.js';
import { ChartNumbers } from './chart-numbers.js';
import type { Line } from './line.js';
import { PLOT_HEIGHT, plotOptions } from './plot-options.js';
import { useColorScheme } from './use-color-scheme.js';

interface ChartProps {
  title: string;
  /** Seconds since 1970, one for each point. */
  times: number[];
  lines: Line[];
}

const dataOf = ({ times, lines }: ChartProps): uPlot.AlignedData => [
  times,
  ...lines.map(({ values, drawn = values }) => drawn),
];

/** Draws the lines into the element; returns which point is under the pointer. */
function usePlot(props: ChartProps) {
  const element = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(null);
  const [index, setIndex] = useState<number | null>(null);
  const scheme = useColorScheme();

  // biome-ignore lint/correctness/useExhaustiveDependencies: other colours need another plot, other values do not
  useEffect(() => {
    const target = element.current as HTMLDivElement;
    const drawn = new uPlot(plotOptions(target, props.lines, setIndex), dataOf(props), target);
    plot.current = drawn;
    const observer = new ResizeObserver(() =>
      drawn.setSize({ width: target.clientWidth, height: PLOT_HEIGHT }),
    );
    observer.observe(target);
    return () => {
      observer.disconnect();
      drawn.destroy();
    };
  }, [scheme]);
  useEffect(() => plot.current?.setData(dataOf(props)));
  return { element, index };
}

/** Lines over time, with the values under the pointer in the legend and all of them in a table. */
export function Chart(props: ChartProps) {
  const { title, times, lines } = props;
  const { element, index } = usePlot(props);
  const at = index !== null && index < times.length ? index : null;
  return (
    <figure className="chart">
      <figcaption className="chart-legend">
        {lines.map(({ name, color, values, format, isDashed }) => {
          const value = at === null ? null : values[at];
          return (
            <span key={name} className="chart-name" data-dashed={isDashed || undefined}>
              <span className="chart-swatch" style={{ color: `var(${color})` }} />
              {name}
              {value !== null && value !== undefined && <b className="number">{format(value)}</b>}
            </span>
          );
        })}
        <span className="quiet number">
          {at !== null && formatTime(new Date((times[at] as number) * 1000))}
        </span>
      </figcaption>
      <div ref={element} className="chart-plot" aria-hidden="true" />
      <ChartNumbers title={title} times={times} lines={lines} />
    </figure>
  );
}
