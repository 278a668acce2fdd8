/** The mark of the suite: three layers. */
export function BrandMark() {
  return (
    <svg width="22" height="22" viewBox="0 0 22 22" fill="none" aria-hidden className="g-brand">
      <path d="M11 2 20 7l-9 5-9-5Z" fill="currentColor" />
      <path d="m2 11 9 5 9-5" stroke="currentColor" strokeWidth="1.75" />
      <path d="m2 15 9 5 9-5" stroke="currentColor" strokeWidth="1.75" opacity=".55" />
    </svg>
  );
}
