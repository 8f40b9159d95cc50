// A list that does not change any more, and whose elements live as long as somebody holds one of them.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <memory>
#include <utility>
#include <vector>

namespace ctest_matrix {

/// Copies of it share the elements.
template <typename T>
class SharedList {
public:
  using value_type = T;

  SharedList() = default;

  SharedList(std::vector<T> elements) // NOLINT(google-explicit-constructor): it is such a list
      : m_elements(std::make_shared<const std::vector<T>>(std::move(elements))) {}

  SharedList(std::initializer_list<T> elements) : SharedList(std::vector<T>(elements)) {}

  const std::vector<T>& elements() const { return *m_elements; }

  auto begin() const { return m_elements->begin(); }

  auto end() const { return m_elements->end(); }

  std::size_t size() const { return m_elements->size(); }

  bool empty() const { return m_elements->empty(); }

  const T& front() const { return m_elements->front(); }

  const T& operator[](std::size_t index) const { return (*m_elements)[index]; }

  /// An element, which outlives the list where it must.
  std::shared_ptr<const T> share(std::size_t index) const {
    return std::shared_ptr<const T>(m_elements, &(*m_elements)[index]);
  }

private:
  std::shared_ptr<const std::vector<T>> m_elements = std::make_shared<const std::vector<T>>();
};

} // namespace ctest_matrix
