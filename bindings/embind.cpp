// SPDX-FileCopyrightText: 2026 The Anomalens authors
// SPDX-License-Identifier: MIT
//
// Everything that crosses between C++ and JavaScript, by name. A guarded call that fails returns false, null or undefined;
// failure() then tells why.

#include <emscripten/bind.h>
#include <emscripten/stack.h>
#include <malloc.h>

#include <string>
#include <string_view>

#include "anomalens/autoencoder.hpp"
#include "anomalens/metrics.hpp"
#include "anomalens/synthetic.hpp"
#include "anomalens/trainer.hpp"
#include "calls.hpp"
#include "guard.hpp"
#include "options.hpp"
#include "results.hpp"
#include "saved.hpp"
#include "span.hpp"

namespace {

using namespace anomalens;  // this file is the table of everything in it
using namespace anomalens::binding;
using namespace emscripten;
using SyntheticData = synthetic::PatternsData;

Failure last_failure() { return failure; }
/// Letters cross as numbers do. Empty when no option is to blame.
Span option_of(const Failure& told) { return lend(std::string_view(told.option != nullptr ? told.option : "")); }
/// The numbers of the global `failure`; `told` is a copy that goes at once.
Span numbers_of(const Failure& /*told*/) { return lend(failure.numbers); }
void ignore(Failure& /*told*/, const Span& /*what C++ alone writes*/) {}

double heap_bytes() { return static_cast<double>(static_cast<unsigned>(mallinfo().uordblks)); }
double stack_address() { return static_cast<double>(emscripten_stack_get_current()); }

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

  value_object<Failure>("Failure")
      .field("code", &Failure::code)
      .field("reason", &Failure::reason)
      .field("row", &Failure::row)
      .field("column", &Failure::column)
      .field("option", &option_of, &ignore)
      .field("numbers", &numbers_of, &ignore);
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
  register_optional<ThresholdRule::Kind>();
  value_object<GivenRule>("ThresholdRule")
      .field("kind", &GivenRule::kind)
      .field("value", &GivenRule::value)
      .field("heldOut", &GivenRule::held_out)
      .field("labels", &GivenRule::labels);
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
      .option<&TrainOptions::neighbours>("neighbours")
      .option<&TrainOptions::resume>("resume");
}

EMSCRIPTEN_BINDINGS(anomalens_models) {
  value_object<LayerShape>("LayerShape")
      .field("inputs", &LayerShape::inputs)
      .field("outputs", &LayerShape::outputs)
      .field("activation", &LayerShape::activation)
      .field("weights", &LayerShape::weights)
      .field("bias", &LayerShape::bias);
  value_object<Reasons>("Reasons")
      .field("column", &Reasons::column)
      .field("kind", &Reasons::kind)
      .field("drop", &Reasons::drop)
      .field("share", &Reasons::share)
      .field("expected", &Reasons::expected)
      .field("percentile", &Reasons::percentile);
  value_object<RepairSteps>("RepairSteps")
      .field("column", &RepairSteps::column)
      .field("expected", &RepairSteps::expected)
      .field("score", &RepairSteps::score);
  value_object<ColumnParts>("ColumnParts")
      .field("column", &ColumnParts::column)
      .field("free", &ColumnParts::free)
      .field("trimmed", &ColumnParts::trimmed)
      .field("rarity", &ColumnParts::rarity);
  value_object<Anatomy::Part>("Part")
      .field("value", &Anatomy::Part::value)
      .field("middle", &Anatomy::Part::middle)
      .field("spread", &Anatomy::Part::spread)
      .field("points", &Anatomy::Part::points);
  register_optional<Anatomy::Part>();
  value_object<Anatomy>("Anatomy")
      .field("score", &Anatomy::score)
      .field("residual", &Anatomy::residual)
      .field("rarity", &Anatomy::rarity)
      .field("excess", &Anatomy::excess)
      .field("distance", &Anatomy::distance)
      .field("departures", &Anatomy::departures)
      .field("columns", &column_parts, &ignore_columns);
  value_object<Tallied>("Tallied")
      .field("column", &Tallied::column)
      .field("width", &Tallied::width)
      .field("counts", &Tallied::counts);
  register_optional<Tallied>();
  register_optional<Reasons>();
  register_optional<RepairSteps>();
  register_optional<Anatomy>();

  class_<Autoencoder>("Autoencoder")
      .class_function("create", &autoencoder, return_value_policy::take_ownership())
      .property("fitted", &Autoencoder::fitted)
      .property("threshold", &Autoencoder::threshold)
      .property("columns", &Autoencoder::columns)
      .property("latent", &Autoencoder::latent)
      .property("members", &Autoencoder::members)
      .property("nets", &Autoencoder::nets)
      .property("rowsInside", &Autoencoder::rows_inside)
      .property("parameterCount", &Autoencoder::parameter_count)
      .function("layerCount", &layer_count)
      .function("layer", &layer)
      .function("parameters", &parameters)
      .function("constant", &anomalens::binding::constant)
      .function("scaled", &scaled)
      .function("fingerprint", guarded<&Autoencoder::fingerprint>)
      .function("score", &read<&Autoencoder::score>)
      .function("scoreRow", &score_row)
      .function("featureErrors", &read<&Autoencoder::feature_errors>)
      .function("reconstruct", &read<&Autoencoder::reconstruct>)
      .function("expected", &read<&Autoencoder::expected, double>)
      .function("encode", &read<&Autoencoder::encode>)
      .function("decode", &read<&Autoencoder::decode>)
      .function("activations", &activations)
      .function("reasons", &reasons)
      .function("repair", &repair)
      .function("anatomy", &anatomy)
      .function("skipped", &skipped)
      .function("tallies", &tallies)
      .function("tally", &tally_rows)
      .function("pValues", &p_values)
      .function("calibrate", &calibrate)
      .function("setThreshold", guarded<&Autoencoder::set_threshold>)
      .function("checkTraining", &check_training)
      .function("save", &save, return_value_policy::take_ownership());
  function("checkRule", &check_rule);
  function("discover", &discover);
  function("homogeneity", &homogeneous);
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
      .function("learn", guarded<&TrainingSet::learn>)
      .function("scale", guarded<&TrainingSet::scale>)
      .function("encode", guarded<&TrainingSet::encode>);
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
      .property("scores", &list<TrainReport, &TrainReport::scores>)
      .property("scoredRows", &list<TrainReport, &TrainReport::scored_rows>)
      .property("stopped", &TrainReport::stopped)
      .property("rowsPerSecond", &TrainReport::rows_per_second);
}

EMSCRIPTEN_BINDINGS(anomalens_saved) {
  value_object<SavedParts>("SavedParts")
      .field("topK", &SavedParts::top_k)
      .field("threshold", &SavedParts::threshold)
      .field("heldOut", &SavedParts::held_out)
      .field("center", &SavedParts::center)
      .field("scale", &SavedParts::scale)
      .field("constant", &SavedParts::constant)
      .field("low", &SavedParts::low)
      .field("high", &SavedParts::high)
      .field("calibration", &SavedParts::calibration)
      .field("parameters", &SavedParts::parameters)
      .field("detector", &SavedParts::detector)
      .field("pool", &SavedParts::pool);
  register_optional<SavedParts>();
  class_<SavedModel>("SavedModel")
      .class_function("create", &saved_model, return_value_policy::take_ownership())
      .function("parts", &parts)
      .function("makeRoom", &make_room)
      .function("restore", &restore, return_value_policy::take_ownership());
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
  register_optional<std::uint32_t>();
  register_optional<PatternKind>();
  value_object<SyntheticOptions>("SyntheticOptions")
      .field("seed", &SyntheticOptions::seed)
      .field("rows", &SyntheticOptions::rows)
      .field("normals", &SyntheticOptions::normals)
      .field("anomalies", &SyntheticOptions::anomalies)
      .field("kinds", &SyntheticOptions::kinds)
      .field("strength", &SyntheticOptions::strength)
      .field("noise", &SyntheticOptions::noise)
      .field("distance", &SyntheticOptions::distance)
      .field("kind", &SyntheticOptions::kind);
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
