#include "problems/base/parameter_file.h"

#include "problems/base/input_error.h"
#include "problems/base/text.h"

#include <deal.II/base/parameter_handler.h>

#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace fokker_planck {

using dealii::ParameterHandler;
using Json = nlohmann::ordered_json;

namespace {

/// The declared parameters with value, default and description of the allowed values. Names are
/// encoded in deal.II's way: other characters than letters and digits as _xx.
Json declarations(const ParameterHandler& handler) {
  std::stringstream stream;
  handler.print_parameters(stream, ParameterHandler::JSON | ParameterHandler::KeepDeclarationOrder);
  return Json::parse(stream);
}

std::string decode(const std::string& name) {
  std::string text;
  for (std::size_t i = 0; i < name.size(); ++i)
    if (name[i] == '_' && i + 2 < name.size()) {
      text += static_cast<char>(std::stoi(name.substr(i + 1, 2), nullptr, 16));
      i += 2;
    } else
      text += name[i];
  return text;
}

bool is_parameter(const Json& declaration) {
  return declaration.contains("value") && declaration["value"].is_string();
}

/// The declaration of a name in a section; null if there is none.
Json find(const Json& section, const std::string& name) {
  for (const auto& [key, declaration] : section.items())
    if (decode(key) == name) return declaration;
  return nullptr;
}

std::string known_names(const Json& section, const bool parameters) {
  std::string names;
  for (const auto& [key, declaration] : section.items())
    if (is_parameter(declaration) == parameters) names += (names.empty() ? "" : ", ") + decode(key);
  return names.empty() ? "none" : names;
}

/// Sets one parameter; section is empty at the top level, place says where the value was found.
void set(ParameterHandler& handler, const Json& declared, const std::string& section,
         const std::string& key, const std::string& value, const std::string& place) {
  const std::string path = section.empty() ? key : section + "/" + key;
  const Json scope = section.empty() ? declared : find(declared, section);
  if (scope.is_null() || is_parameter(scope))
    throw InputError(place + path + ": got '" + value + "', but there is no section '" + section +
                     "' (known: " + known_names(declared, false) + ")");
  const Json declaration = find(scope, key);
  if (declaration.is_null() || !is_parameter(declaration))
    throw InputError(place + path + ": got '" + value + "', but there is no such parameter (known" +
                     (section.empty() ? "" : " in " + section) + ": " + known_names(scope, true) +
                     ")");
  try {
    (void)Json(value).dump();
  } catch (const Json::exception&) {
    throw InputError(place + path + ": the value is not valid UTF-8 text");
  }
  if (!section.empty()) handler.enter_subsection(section);
  try {
    handler.set(key, value);
  } catch (const ParameterHandler::ExcValueDoesNotMatchPattern&) {
    if (!section.empty()) handler.leave_subsection();
    std::string allowed = declaration["pattern_description"];
    if (allowed.rfind("[Selection ", 0) == 0)
      allowed = "one of " + allowed.substr(11, allowed.size() - 13); // "[Selection a|b ]"
    else if (allowed.rfind("[Integer range ", 0) == 0)
      allowed = "an integer in the range " + allowed.substr(15, allowed.size() - 16);
    else if (allowed.rfind("[Double", 0) == 0)
      allowed = "a number";
    else if (allowed.rfind("[Bool]", 0) == 0)
      allowed = "true or false";
    throw InputError(place + path, value, allowed + " is needed");
  }
  if (!section.empty()) handler.leave_subsection();
}

void read_prm(ParameterHandler& handler, std::istream& stream) {
  const Json declared = declarations(handler);
  std::string section, line;
  for (unsigned int number = 1; std::getline(stream, line); ++number) {
    const std::string place = "line " + std::to_string(number) + ": ";
    const auto trim_comment = [](const std::string& text) {
      return trim(text.substr(0, text.find('#')));
    };
    std::string text = trim_comment(line);
    while (!text.empty() && text.back() == '\\' && std::getline(stream, line)) {
      ++number;
      text = trim(text.substr(0, text.size() - 1)) + " " + trim_comment(line);
    }
    if (number == 1 && text.rfind("\xEF\xBB\xBF", 0) == 0)
      text = trim(text.substr(3)); // byte order mark
    if (text.empty()) continue;
    const auto blank = text.find_first_of(" \t");
    const std::string word = text.substr(0, blank);
    const std::string rest = blank == std::string::npos ? "" : trim(text.substr(blank));
    if (word == "subsection" && section.empty() && !rest.empty()) {
      section = rest;
      const Json scope = find(declared, section);
      if (scope.is_null() || is_parameter(scope))
        throw InputError(place + section + ": there is no such section (known: " +
                         known_names(declared, false) + ")");
    } else if (word == "end" && !section.empty() && rest.empty())
      section.clear();
    else if (word == "set" && rest.find('=') != std::string::npos)
      set(handler, declared, section, trim(rest.substr(0, rest.find('='))),
          trim(rest.substr(rest.find('=') + 1)), place);
    else
      throw InputError(place + "got '" + text +
                       "', but 'set Key = value', 'subsection Name' or 'end' is needed here");
  }
  if (!section.empty()) throw InputError("subsection " + section + " has no 'end'");
}

std::string as_text(const std::string& key, const Json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean() || value.is_number_integer()) return value.dump();
  if (value.is_number()) return format_number(value.get<double>());
  if (value.is_array()) {
    std::string text;
    for (const Json& entry : value)
      text += (text.empty() ? "" : ", ") + as_text(key, entry);
    return text;
  }
  throw InputError(key, value.dump(),
                   "a text, a number, true, false or a list of numbers is needed");
}

void read_json(ParameterHandler& handler, std::istream& stream) {
  Json json;
  try {
    json = Json::parse(stream);
  } catch (const Json::parse_error& error) {
    throw InputError("it is not valid JSON: " + std::string(error.what()));
  }
  if (!json.is_object()) throw InputError("a JSON object {...} is needed");
  set_parameters(handler, json);
}

} // namespace

void set_parameters(ParameterHandler& handler, const Json& values) {
  const Json declared = declarations(handler);
  for (const auto& [name, value] : values.items())
    if (value.is_object()) {
      for (const auto& [key, entry] : value.items())
        set(handler, declared, name, key, as_text(name + "/" + key, entry), "");
      const Json section = find(declared, name);
      if (value.empty() && (section.is_null() || is_parameter(section)))
        throw InputError(
          name + ": there is no such section (known: " + known_names(declared, false) + ")");
    } else
      set(handler, declared, "", name, as_text(name, value), "");
}

void read_parameter_file(ParameterHandler& handler, const std::string& file) {
  if (std::filesystem::is_directory(file))
    throw InputError("it is a directory, not a parameter file");
  std::ifstream stream(file);
  if (!stream) throw InputError("the file does not exist or cannot be read");
  const auto extension = std::filesystem::path(file).extension();
  if (extension == ".json")
    read_json(handler, stream);
  else if (extension == ".prm")
    read_prm(handler, stream);
  else
    throw InputError("the name of a parameter file must end in .prm or .json");
}

void set_parameter(ParameterHandler& handler, const std::string& assignment,
                   const std::string& place) {
  const auto equals = assignment.find('=');
  if (equals == std::string::npos || trim(assignment.substr(0, equals)).empty())
    throw InputError(trim(place), assignment, "Section/Key=value is needed");
  const std::string path = trim(assignment.substr(0, equals));
  const auto slash = path.find('/');
  const std::string section = slash == std::string::npos ? "" : trim(path.substr(0, slash));
  const std::string key = slash == std::string::npos ? path : trim(path.substr(slash + 1));
  set(handler, declarations(handler), section, key, trim(assignment.substr(equals + 1)), place);
}

Json resolved_parameters(const ParameterHandler& handler) {
  const Json declared = declarations(handler);
  Json resolved;
  for (const auto& [key, declaration] : declared.items())
    if (is_parameter(declaration))
      resolved[decode(key)] = declaration["value"];
    else
      for (const auto& [name, entry] : declaration.items())
        resolved[decode(key)][decode(name)] = entry["value"];
  return resolved;
}

} // namespace fokker_planck
