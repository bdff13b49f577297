/** Stands where something will, so that nothing jumps when it comes; says so when it takes longer than a moment. */
export const Loading = () => (
  <div className="panel panel-to-come" role="status" aria-busy="true">
    <span className="loading">Loading…</span>
  </div>
);
