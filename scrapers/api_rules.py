"""Default rules of fields in known systems' job APIs."""

from __future__ import annotations

from typing import Final

from scrapers.source_specs import FieldRule, FieldRules


def _first(*paths: str, join: str = ", ") -> FieldRule:
    return FieldRule(paths=list(paths), pick="first", join=join)


def _all(*paths: str, join: str = ", ") -> FieldRule:
    return FieldRule(paths=list(paths), join=join)


GREENHOUSE: Final[FieldRules] = {
    "id": _first("id"),
    "url": _first("absolute_url"),
    "title": _first("title"),
    "description": _first("content"),
    "hiring_organization": _first("company_name"),
    "job_location": _first("location.name", "offices[].location", "offices[].name"),
    "date_posted": _first("first_published", "updated_at"),
    "valid_through": _first("application_deadline"),
    "occupational_category": _all("departments[].name"),
}
LEVER: Final[FieldRules] = {
    "id": _first("id"),
    "url": _first("hostedUrl", "applyUrl"),
    "title": _first("text"),
    "description": _all(
        "description",
        "descriptionPlain",
        "lists[].text",
        "lists[].content",
        "additional",
        join="\n",
    ),
    "job_location": _first("categories.allLocations[]", "categories.location"),
    "date_posted": _first("createdAt"),
    "base_salary": FieldRule(
        paths=[
            "salaryRange.min",
            "salaryRange.max",
            "salaryRange.currency",
            "salaryRange.interval",
        ],
        template="{0} - {1} {2} {3}",
    ),
    "employment_type": _first("categories.commitment"),
    "occupational_category": _all("categories.department", "categories.team"),
}
WORKABLE: Final[FieldRules] = {
    "id": _first("shortcode", "key", "id"),
    "url": _first("url", "shortlink", "application_url"),
    "title": _first("title", "full_title"),
    "description": _all("full_description", "description", "requirements", "benefits", join="\n"),
    "hiring_organization": _first("company", "company_name", "account.name"),
    "job_location": _first("location.location_str", "location.city", "city", "locations[].city"),
    "date_posted": _first("published_on", "published", "created_at"),
    "valid_through": _first("closing_date", "application_deadline"),
    "base_salary": FieldRule(
        paths=["salary.salary_from", "salary.salary_to", "salary.salary_currency"],
        template="{0} - {1} {2}",
    ),
    "employment_type": _first("employment_type", "type"),
    "occupational_category": _first("function", "department", "department[]"),
    "industry": _first("industry"),
    "education": _first("education"),
    "experience": _first("experience"),
}
SMARTRECRUITERS: Final[FieldRules] = {
    "id": _first("id", "uuid"),
    "url": _first("ref"),
    "title": _first("name", "title"),
    "hiring_organization": _first("company.name"),
    "job_location": _first("location.fullLocation", "location.city", "location.region"),
    "date_posted": _first("releasedDate"),
    "employment_type": _first("typeOfEmployment.label", "typeOfEmployment.id"),
    "occupational_category": _first("function.label", "department.label"),
    "industry": _first("industry.label"),
    "experience": _first("experienceLevel.label"),
}
SMARTRECRUITERS_DETAIL: Final[FieldRules] = {
    **{name: rule for name, rule in SMARTRECRUITERS.items() if name not in ("id", "url")},
    "url": _first("postingUrl", "applyUrl"),
    "description": _all(
        "jobAd.sections.jobDescription.text",
        "jobAd.sections.qualifications.text",
        "jobAd.sections.additionalInformation.text",
        "jobAd.sections.companyDescription.text",
        join="\n",
    ),
}
ASHBY: Final[FieldRules] = {
    "id": _first("id", "jobUrl"),
    "url": _first("jobUrl", "applyUrl"),
    "title": _first("title"),
    "description": _first("descriptionHtml", "descriptionPlain"),
    "job_location": _first("location", "address.postalAddress.addressLocality"),
    "date_posted": _first("publishedAt", "publishedDate"),
    "base_salary": _first("compensation.compensationTierSummary"),
    "employment_type": _first("employmentType"),
    "occupational_category": _first("department", "team"),
}
RECRUITEE: Final[FieldRules] = {
    "id": _first("id", "slug"),
    "url": _first("careers_url"),
    "title": _first("title"),
    "description": _all("description", "requirements", join="\n"),
    "hiring_organization": _first("company_name"),
    "job_location": _first("city", "location", "locations[].name"),
    "date_posted": _first("published_at", "created_at"),
    "valid_through": _first("close_at"),
    "base_salary": FieldRule(
        paths=["salary.min", "salary.max", "salary.currency", "salary.period"],
        template="{0} - {1} {2} per {3}",
    ),
    "employment_type": _first("employment_type_code"),
    "occupational_category": _first("department"),
    "education": _first("education_code"),
    "experience": _first("experience_code"),
}
RELIEFWEB: Final[FieldRules] = {
    "id": _first("id", "fields.id"),
    "url": _first("fields.url_alias", "fields.url", "href"),
    "title": _first("fields.title"),
    "description": _first("fields.body-html", "fields.body"),
    "hiring_organization": _all("fields.source[].name"),
    "job_location": _all("fields.city[].name", "fields.country[].name"),
    "date_posted": _first("fields.date.created"),
    "valid_through": _first("fields.date.closing"),
    "employment_type": _all("fields.type[].name"),
    "occupational_category": _all("fields.career_categories[].name"),
    "industry": _all("fields.theme[].name"),
    "experience": _all("fields.experience[].name"),
}
