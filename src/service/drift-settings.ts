import type { FeatureSettings, JudgeSettings } from "../domain/drift.ts";
import { mostSpecific } from "../domain/glob.ts";

/** What is configured of drift: defaults, and what holds for single pipelines and features (globs; the most specific fits). */
export interface DriftConfig extends JudgeSettings {
  features: readonly ({ pipeline_name: string; feature_name: string } & Partial<FeatureSettings>)[];
}

/** The most specific pipeline first, and of its entries the most specific feature. */
export function driftSettingsOf(config: DriftConfig): (pipeline_name: string, feature_name: string) => FeatureSettings {
  const { alpha, threshold, features } = config;
  if (features.length === 0) return () => ({ alpha, threshold });
  return (pipeline_name, feature_name) => {
    const ofFeature = features.filter((one) => mostSpecific([one.feature_name], feature_name) !== null);
    const pipeline = mostSpecific(
      ofFeature.map((one) => one.pipeline_name),
      pipeline_name,
    );
    const ofPipeline = ofFeature.filter((one) => one.pipeline_name === pipeline);
    const feature = mostSpecific(
      ofPipeline.map((one) => one.feature_name),
      feature_name,
    );
    const own = ofPipeline.find((one) => one.feature_name === feature);
    return { alpha: own?.alpha ?? alpha, threshold: own?.threshold ?? threshold, window: own?.window };
  };
}
