export default function View(_: { route: unknown }) {
  return null;
}
