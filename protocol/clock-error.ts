/**
 * How far two processes' readings of one host's CLOCK_MONOTONIC may lie apart, microseconds: each finds its own offset
 * between two neighbouring readings, which takes a few of them, and fifty leave room for a slow machine. A latency that is
 * further below zero than this is a fault of the clock.
 */
export const CLOCK_ERROR_US = 50;
