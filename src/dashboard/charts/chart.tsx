import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef, useState, useSyncExternalStore } from 'react';
import uPlot from 'uplot';
import { formatTime } from '../components/format.js';
import { type ChartLine, PLOT_HEIGHT, plotOptions } from './plot-options.js';

interface ChartProps {
  title: string;
  /** Seconds since 1970, one per point. */
  times: number[];
  lines: ChartLine[];
}

const dataOf = ({ times, lines }: ChartProps): uPlot.AlignedData => [
  times,
  ...lines.map(({ values, drawn = values }) => drawn),
];

/** Draws the lines into the element; returns the point under the pointer. */
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

const dark = matchMedia('(prefers-color-scheme: dark)');

function subscribe(listener: () => void): () => void {
  const observer = new MutationObserver(listener);
  observer.observe(document.documentElement, { attributeFilter: ['data-theme'] });
  dark.addEventListener('change', listener);
  return () => {
    observer.disconnect();
    dark.removeEventListener('change', listener);
  };
}

const current = (): string => document.documentElement.dataset.theme ?? (dark.matches ? 'dark' : 'light');

/** `dark` or `light`, for colours outside of style sheets. */
export const useColorScheme = (): string => useSyncExternalStore(subscribe, current);

interface ChartNumbersProps {
  title: string;
  times: number[];
  lines: ChartLine[];
}

/** The data of a chart as a table, newest first: for screen readers, and for exact values. */
export function ChartNumbers({ title, times, lines }: ChartNumbersProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="chart-numbers" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        Data<span className="visually-hidden"> table: {title}</span>
      </summary>
      {isOpen && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable areas must be reachable by keyboard
        <section className="chart-scroll" tabIndex={0} aria-label={`Data table: ${title}`}>
          <table className="table">
            <thead>
              <tr>
                <th>Time</th>
                {lines.map(({ name }) => (
                  <th key={name} className="right">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {times
                .map((time, index) => (
                  <tr key={time}>
                    <td>{formatTime(new Date(time * 1000))}</td>
                    {lines.map(({ name, values, format }) => (
                      <td key={name} className="right">
                        {typeof values[index] === 'number' ? format(values[index]) : '–'}
                      </td>
                    ))}
                  </tr>
                ))
                .reverse()}
            </tbody>
          </table>
        </section>
      )}
    </details>
  );
}
