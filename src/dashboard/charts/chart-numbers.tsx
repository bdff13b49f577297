import { useState } from 'react';
import { formatTime } from '../components/format-instant.js';
import type { Line } from './line.js';

interface ChartNumbersProps {
  title: string;
  times: number[];
  lines: Line[];
}

/** What a chart shows, as a table, newest first, for those who do not see it or want it exactly. */
export function ChartNumbers({ title, times, lines }: ChartNumbersProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details className="chart-numbers" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>
        Numbers<span className="visually-hidden"> of {title}</span>
      </summary>
      {isOpen && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <section className="chart-scroll" tabIndex={0} aria-label={`Numbers of ${title}`}>
          <table className="table">
            <thead>
              <tr>
                <th>From</th>
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
