/**
 * The palette of Okabe and Ito, which people with any kind of colour blindness can tell apart, on light and on dark. `act`
 * is for what somebody has to do something about, and for nothing else.
 */
export const COLOURS = {
  good: "#009E73",
  neutral: "#0072B2",
  light: "#56B4E9",
  attention: "#E69F00",
  act: "#D55E00",
  unknown: "#CC79A7",
  quiet: "#8E8E8E",
  none: "transparent",
} as const;
