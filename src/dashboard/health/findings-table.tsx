import type { Finding } from '../../client/index.js';

/** Worst first; those of a level as they were found. */
const ORDER: Finding['level'][] = ['problem', 'warning', 'ok'];

/** A line for each thing that was looked at, with what to do about it. */
export function FindingsTable({ findings }: { findings: readonly Finding[] }) {
  const sorted = ORDER.flatMap((level) => findings.filter((one) => one.level === level));
  return (
    <table className="table findings">
      <caption className="visually-hidden">What was found, worst first</caption>
      <thead>
        <tr>
          <th>Check</th>
          <th>Found</th>
        </tr>
      </thead>
      <tbody>
        {sorted.map(({ check, level, message, advice }) => (
          <tr key={check}>
            <th scope="row">
              <span className="badge" data-level={level}>
                {level}
              </span>{' '}
              {check}
            </th>
            <td className="broad">
              {message}
              {advice && <p className="quiet">To do: {advice}</p>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
