export { prometheus, type Metrics, type MetricsOptions } from "./metrics/prometheus.ts";
