// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
//
// Everything that crosses between C++ and JavaScript, by name. A guarded call that fails returns false, null or undefined;
// failure() then tells why.

#include <emscripten/bind.h>
#include <emscripten/stack.h>
#include <malloc.h>

#include <array>
#include <string>

#include "anomalens/autoencoder.hpp"
#include "anomalens/metrics.hpp"
#include "anomalens/synthetic.hpp"
#include "anomalens/trainer.hpp"
#include "calls.hpp"
#include "guard.hpp"
#include "options.hpp"
#include "saved.hpp"
#include "span.hpp"

namespace {

using namespace anomalens;  // this file is the table of everything in it
using namespace anomalens::binding;
using namespace emscripten;
using SyntheticData = synthetic::PatternsData;

Failure last_failure() { return failure; }
std::optional<std::string> option_of(const Failure& told) {
  if (told.option == nullptr) return {};
  return told.option;
}
void ignore_option(Failure& /*told*/, const std::optional<std::string>& /*option*/) {}

double heap_bytes() { return static_cast<double>(static_cast<unsigned>(mallinfo().uordblks)); }
double stack_address() { return static_cast<double>(emscripten_stack_get_current()); }

/// Registers one list of a saved model: how to read it and how to make room for it.
template <auto List>
void saved_list_as(class_<SavedModel>& saved, const char* name, const char* room) {
  saved.function(name, &saved_list<List>).function(room, &saved_room<List>);
}

}  // namespace

EMSCRIPTEN_BINDINGS(anomalens_module) {
  constant("version", std::string(ANOMALENS_VERSION));
  function("heapBytes", &heap_bytes);
  function("stackAddress", &stack_address);
  function("failure", &last_failure);

  value_object<Span>("Span").field("address", &Span::address).field("count", &Span::count);
  register_optional<Span>();
  register_optional<bool>();
  register_optional<double>();
  register_optional<float>();
  register_optional<std::size_t>();
  register_optional<std::uint64_t>();
  register_optional<std::string>();

  value_array<std::array<double, Error::kMostNumbers>>("Numbers")
      .element(emscripten::index<0>())
      .element(emscripten::index<1>())
      .element(emscripten::index<2>());
  value_object<Failure>("Failure")
      .field("code", &Failure::code)
      .field("reason", &Failure::reason)
      .field("row", &Failure::row)
      .field("column", &Failure::column)
      .field("option", &option_of, &ignore_option)
      .field("numbers", &Failure::numbers);
}

EMSCRIPTEN_BINDINGS(anomalens_options) {
  Options<ModelOptions>("ModelOptions")
      .option<&ModelOptions::hidden>("hidden")
      .option<&ModelOptions::decoder>("decoder")
      .option<&ModelOptions::latent>("latent")
      .option<&ModelOptions::activation>("activation")
      .option<&ModelOptions::latent_activation>("latentActivation")
      .option<&ModelOptions::scaler>("scaler")
      .option<&ModelOptions::missing>("missing")
      .option<&ModelOptions::members>("members")
      .option<&ModelOptions::seed>("seed")
      .option<&ModelOptions::compatibility>("compatibility");
  Options<ThresholdRule>("ThresholdRule")
      .option<&ThresholdRule::kind>("kind")
      .option<&ThresholdRule::value>("value")
      .option<&ThresholdRule::held_out>("heldOut")
      .option<&ThresholdRule::labels>("labels");
  Options<Schedule>("Schedule")
      .option<&Schedule::kind>("kind")
      .option<&Schedule::warmup>("warmup")
      .option<&Schedule::every>("every")
      .option<&Schedule::patience>("patience")
      .option<&Schedule::factor>("factor");
  Options<Corruption>("Corruption").option<&Corruption::kind>("kind").option<&Corruption::amount>("amount");
  register_vector<Corruption>("Corruptions");
  Options<Sparsity>("Sparsity")
      .option<&Sparsity::kind>("kind")
      .option<&Sparsity::weight>("weight")
      .option<&Sparsity::target>("target")
      .option<&Sparsity::k>("k");
  Options<TrainOptions>("TrainOptions")
      .option<&TrainOptions::epochs>("epochs")
      .option<&TrainOptions::batch_size>("batchSize")
      .option<&TrainOptions::optimizer>("optimizer")
      .option<&TrainOptions::learning_rate>("learningRate")
      .option<&TrainOptions::momentum>("momentum")
      .option<&TrainOptions::schedule>("schedule")
      .option<&TrainOptions::loss>("loss")
      .option<&TrainOptions::weight_decay>("weightDecay")
      .option<&TrainOptions::l1>("l1")
      .option<&TrainOptions::dropout>("dropout")
      .option<&TrainOptions::clip_norm>("clipNorm")
      .option<&TrainOptions::corruption>("corruption")
      .option<&TrainOptions::sparsity>("sparsity")
      .option<&TrainOptions::clean>("clean")
      .option<&TrainOptions::trim>("trim")
      .option<&TrainOptions::validation_split>("validationSplit")
      .option<&TrainOptions::patience>("patience")
      .option<&TrainOptions::threshold>("threshold")
      .option<&TrainOptions::resume>("resume");

  using namespace anomalens::synthetic;
  Options<ArticleOptions>("ArticleOptions")
      .option<&ArticleOptions::seed>("seed")
      .option<&ArticleOptions::rows>("rows")
      .option<&ArticleOptions::normals>("normals")
      .option<&ArticleOptions::anomalies>("anomalies")
      .option<&ArticleOptions::kinds>("kinds")
      .option<&ArticleOptions::strength>("strength");
  Options<BrokenRelationOptions>("BrokenRelationOptions")
      .option<&BrokenRelationOptions::seed>("seed")
      .option<&BrokenRelationOptions::rows>("rows")
      .option<&BrokenRelationOptions::normals>("normals")
      .option<&BrokenRelationOptions::anomalies>("anomalies");
  Options<WaveOptions>("WaveOptions")
      .option<&WaveOptions::seed>("seed")
      .option<&WaveOptions::rows>("rows")
      .option<&WaveOptions::normals>("normals")
      .option<&WaveOptions::anomalies>("anomalies")
      .option<&WaveOptions::noise>("noise")
      .option<&WaveOptions::distance>("distance");
  Options<PatternsOptions>("PatternsOptions")
      .option<&PatternsOptions::seed>("seed")
      .option<&PatternsOptions::rows>("rows")
      .option<&PatternsOptions::normals>("normals")
      .option<&PatternsOptions::anomalies>("anomalies")
      .option<&PatternsOptions::kind>("kind")
      .option<&PatternsOptions::noise>("noise");
}

EMSCRIPTEN_BINDINGS(anomalens_models) {
  value_object<LayerShape>("LayerShape")
      .field("inputs", &LayerShape::inputs)
      .field("outputs", &LayerShape::outputs)
      .field("activation", &LayerShape::activation)
      .field("weights", &LayerShape::weights)
      .field("bias", &LayerShape::bias);
  value_object<Repair>("Repair")
      .field("group", &Repair::group)
      .field("column", &Repair::column)
      .field("from", &Repair::from)
      .field("to", &Repair::to)
      .field("score", &Repair::score);
  register_optional<Repair>();

  class_<Autoencoder>("Autoencoder")
      .class_function("create", &autoencoder, return_value_policy::take_ownership())
      .property("fitted", &Autoencoder::fitted)
      .property("threshold", &Autoencoder::threshold)
      .property("columns", &Autoencoder::columns)
      .property("latent", &Autoencoder::latent)
      .property("members", &Autoencoder::members)
      .property("parameterCount", &Autoencoder::parameter_count)
      .function("layerCount", &layer_count)
      .function("layer", &layer)
      .function("parameters", &parameters)
      .function("constant", &anomalens::binding::constant)
      .function("scaled", &scaled)
      .function("fingerprint", guarded<&Autoencoder::fingerprint>)
      .function("score", &read<&Autoencoder::score>)
      .function("featureErrors", &read<&Autoencoder::feature_errors>)
      .function("shares", &read<&Autoencoder::shares>)
      .function("reconstruct", &read<&Autoencoder::reconstruct>)
      .function("expected", &read<&Autoencoder::expected, double>)
      .function("encode", &read<&Autoencoder::encode>)
      .function("decode", &read<&Autoencoder::decode>)
      .function("activations", &activations)
      .function("repair", &repair)
      .function("pValues", &p_values)
      .function("calibrate", &calibrate)
      .function("setThreshold", guarded<&Autoencoder::set_threshold>)
      .function("checkTraining", &check_training)
      .function("save", &save, return_value_policy::take_ownership());
  function("checkRule", &check_rule);
  function("discover", &discover);
}

EMSCRIPTEN_BINDINGS(anomalens_training) {
  value_object<Progress>("Progress")
      .field("epoch", &Progress::epoch)
      .field("epochs", &Progress::epochs)
      .field("step", &number<Progress, &Progress::step>, &set_number<Progress, &Progress::step>)
      .field("steps", &number<Progress, &Progress::steps>, &set_number<Progress, &Progress::steps>)
      .field("loss", &Progress::loss)
      .field("validationLoss", &Progress::validation_loss)
      .field("elapsedMs", &Progress::elapsed_ms)
      .field("etaMs", &Progress::eta_ms)
      .field("done", &Progress::done);
  register_optional<Progress>();

  class_<TrainingSet>("TrainingSet")
      .class_function("create", &training_set, return_value_policy::take_ownership())
      .function("observe", &put<&TrainingSet::observe>)
      .function("append", &put<&TrainingSet::append>)
      .function("take", &put<&TrainingSet::take>)
      .function("scale", guarded<&TrainingSet::scale>);
  class_<Trainer>("Trainer")
      .class_function("open", &trainer, return_value_policy::take_ownership())
      .function("run", &run)
      .function("progress", guarded<&Trainer::progress>)
      .function("losses", &losses)
      .function("setLearningRate", guarded<&Trainer::set_learning_rate>)
      .function("setWeightDecay", guarded<&Trainer::set_weight_decay>)
      .function("setL1", guarded<&Trainer::set_l1>)
      .function("trainMember", &train_member)
      .function("adoptMember", &adopt_member)
      .function("settle", guarded<&Trainer::settle>)
      .function("finish", &finish, return_value_policy::take_ownership());
  class_<TrainReport>("TrainReport")
      .property("epochs", &TrainReport::epochs)
      .property("loss", &list<TrainReport, &TrainReport::loss>)
      .property("validationLoss", &list<TrainReport, &TrainReport::validation_loss>)
      .property("threshold", &TrainReport::threshold)
      .property(
          "rule", +[](const TrainReport& report) { return report.rule.kind; })
      .property("calibrationRows", &TrainReport::calibration_rows)
      .property("stopped", &TrainReport::stopped)
      .property("rowsPerSecond", &TrainReport::rows_per_second);
}

EMSCRIPTEN_BINDINGS(anomalens_saved) {
  value_object<SavedNumbers>("SavedNumbers")
      .field("topK", &SavedNumbers::top_k)
      .field("threshold", &SavedNumbers::threshold)
      .field("heldOut", &SavedNumbers::held_out)
      .field("residualCenter", &SavedNumbers::residual_center)
      .field("residualSpread", &SavedNumbers::residual_spread)
      .field("rarityCenter", &SavedNumbers::rarity_center)
      .field("raritySpread", &SavedNumbers::rarity_spread);
  class_<SavedModel> saved("SavedModel");
  saved.class_function("create", &saved_model, return_value_policy::take_ownership())
      .function("numbers", &numbers)
      .function("setNumbers", &set_numbers)
      .function("restore", &restore, return_value_policy::take_ownership());
  saved_list_as<[](auto& s) -> auto& { return s.center; }>(saved, "center", "centerRoom");
  saved_list_as<[](auto& s) -> auto& { return s.scale; }>(saved, "scale", "scaleRoom");
  saved_list_as<[](auto& s) -> auto& { return s.constant; }>(saved, "constant", "constantRoom");
  saved_list_as<[](auto& s) -> auto& { return s.model.low; }>(saved, "low", "lowRoom");
  saved_list_as<[](auto& s) -> auto& { return s.model.high; }>(saved, "high", "highRoom");
  saved_list_as<[](auto& s) -> auto& { return s.model.calibration; }>(saved, "calibration", "calibrationRoom");
  saved_list_as<[](auto& s) -> auto& { return s.model.parameters; }>(saved, "parameters", "parametersRoom");
  saved_list_as<[](auto& s) -> auto& { return s.model.committee.ordinary; }>(saved, "ordinary", "ordinaryRoom");
  saved_list_as<[](auto& s) -> auto& { return s.model.committee.low; }>(saved, "binsLow", "binsLowRoom");
  saved_list_as<[](auto& s) -> auto& { return s.model.committee.high; }>(saved, "binsHigh", "binsHighRoom");
  saved_list_as<[](auto& s) -> auto& { return s.model.committee.rarity; }>(saved, "rarity", "rarityRoom");
}

EMSCRIPTEN_BINDINGS(anomalens_metrics) {
  using metrics::Confusion;
  using metrics::Curve;
  value_object<Confusion>("Confusion")
      .field("truePositives", &Confusion::true_positives)
      .field("falsePositives", &Confusion::false_positives)
      .field("trueNegatives", &Confusion::true_negatives)
      .field("falseNegatives", &Confusion::false_negatives);
  register_optional<Confusion>();
  class_<Curve>("Curve")
      .class_function("of", &curve, return_value_policy::take_ownership())
      .property("thresholds", &list<Curve, &Curve::thresholds>)
      .property("truePositiveRate", &list<Curve, &Curve::true_positive_rate>)
      .property("falsePositiveRate", &list<Curve, &Curve::false_positive_rate>)
      .property("precision", &list<Curve, &Curve::precision>);
  function("auroc", &metric<&metrics::auroc>);
  function("averagePrecision", &metric<&metrics::average_precision>);
  function("precisionAt", &precision_at);
  function("confusion", &confusion);
}

EMSCRIPTEN_BINDINGS(anomalens_synthetic) {
  using namespace anomalens::synthetic;
  class_<SyntheticData>("SyntheticData")
      .class_function("article", &generated<ArticleOptions, &article>, return_value_policy::take_ownership())
      .class_function("brokenRelation", &generated<BrokenRelationOptions, &broken_relation>,
                      return_value_policy::take_ownership())
      .class_function("wave", &generated<WaveOptions, &wave>, return_value_policy::take_ownership())
      .class_function("patterns", &generated<PatternsOptions, &patterns>, return_value_policy::take_ownership())
      .property("train", &list<SyntheticData, &SyntheticData::train>)
      .property("test", &list<SyntheticData, &SyntheticData::test>)
      .property("labels", &list<SyntheticData, &SyntheticData::labels>)
      .property("patterns", &list<SyntheticData, &SyntheticData::patterns>);
}
